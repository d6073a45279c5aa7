import { expect, test } from './fixtures';
import { openPanel } from './steps';

test.describe('Where one kind is denied', () => {
  test.use({ scene: 'denied' });

  test('says which permission it lacks, and that the total is less than all', async ({
    page
  }) => {
    const panel = await openPanel(page);
    const money = panel.getByRole('group', { name: 'Billing' });
    await expect(money).toContainText('at least');
    await expect(money).toContainText('needs sagemaker:ListEndpoints');
    const header = panel.getByRole('button', { name: /^Endpoints/ });
    await expect(header).toContainText('needs sagemaker:ListEndpoints');
    await header.click();
    await expect(panel.getByRole('alert')).toContainText(
      'sagemaker:ListEndpoints'
    );
    await expect(
      panel.getByRole('button', { name: /^Training jobs/ })
    ).toContainText(/\d+ active/);
  });
});

test.describe('With credentials that have expired', () => {
  test.use({ scene: 'expired' });

  test('says so, and what to do, instead of a total', async ({ page }) => {
    const panel = await openPanel(page);
    const alert = panel.getByRole('alert').first();
    await expect(alert).toContainText('expired');
    await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
    await expect(panel.getByRole('group', { name: 'Billing' })).toHaveCount(0);
  });
});

test.describe('Without credentials', () => {
  test.use({ scene: null });

  test('says how to get some', async ({ page }) => {
    const panel = await openPanel(page);
    await expect(panel.getByRole('alert').first()).toContainText(
      /credentials|region/
    );
    await expect(panel.getByRole('group', { name: 'Billing' })).toHaveCount(0);
  });
});

test.describe('Where AWS stops answering', () => {
  test.use({ scene: 'busy', ownServers: true });

  test('keeps the last good rows with their age and the reason', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const header = panel.getByRole('button', { name: /^Endpoints/ });
    await expect(header).toContainText(/\d+ active/);
    await lab.control({ fail: ['ListEndpoints', 'AccessDeniedException'] });
    await panel.getByRole('button', { name: 'Refresh' }).click();
    await expect(header).toContainText(/old/);
    await header.click();
    await expect(
      panel.getByRole('list', { name: 'Endpoints' }).getByRole('listitem')
    ).not.toHaveCount(0);
    await expect(panel.getByRole('alert')).toContainText('ListEndpoints');
  });
});

test.describe('Where the server half is missing', () => {
  test('says how to mend it', async ({ page }) => {
    await page.route(/\/smext\//, route =>
      /\/extensions\/|\/schemas\/|\/settings\//.test(route.request().url())
        ? route.fallback()
        : route.fulfill({ status: 404, body: '<html>404</html>' })
    );
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: 'Refresh' }).click();
    const alert = panel.getByRole('alert');
    await expect(alert).toContainText('missing or disabled');
    await expect(alert).toContainText('jupyter server extension list');
    await expect(alert).toContainText('pip install smext');
    await page.unrouteAll(); // from here on it is there, and nobody has to ask
    await expect(panel.getByRole('group', { name: 'Billing' })).toBeVisible();
  });
});
