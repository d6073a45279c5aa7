import { expect, test } from './fixtures';
import { openPanel } from './steps';

test.use({ scene: 'busy' });

test.describe('A kind as a table', () => {
  test('has all its columns, and stands in the order that is clicked', async ({
    page
  }) => {
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: /^Endpoints/ }).click();
    await panel
      .getByRole('button', { name: 'Show Endpoints as a table' })
      .click();
    const table = page.getByRole('table', { name: 'Endpoints' });
    const rate = table.getByRole('columnheader', { name: '$/hour' });
    await rate.getByRole('button').click();
    await rate.getByRole('button').click();
    await expect(rate).toHaveAttribute('aria-sort', 'descending');
    const first = table.getByRole('row').nth(1);
    await expect(first).toContainText('summarizer-demo');
    await expect(first).toContainText('$1.52/h');
    await page.getByRole('searchbox', { name: 'Filter the table' }).fill('ocr');
    await expect(table.getByRole('row')).toHaveCount(2);
    await table.getByRole('button', { name: 'ocr-on-demand' }).click();
    await expect(page.getByRole('tab', { name: 'Details' })).toBeVisible();
  });
});

test.describe('An item', () => {
  test('shows what its kind knows, and has no tab for what it has not', async ({
    page
  }) => {
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: 'maria-lab', exact: true }).click();
    await expect(
      page.getByRole('heading', { name: 'maria-lab' })
    ).toBeVisible();
    await expect(page.getByRole('tab', { name: 'Details' })).toBeVisible();
    await expect(page.getByRole('tab', { name: /^Cells/ })).toHaveCount(0);
    await expect(page.getByRole('tab', { name: 'Outputs' })).toHaveCount(0);
    await page.getByRole('tab', { name: 'Request' }).click();
    await expect(page.getByRole('tabpanel').last()).toContainText('"SpaceName"');
  });
});

test.describe('The settings', () => {
  test('say from which rate on the number changes its colour', async ({
    page
  }) => {
    await openPanel(page);
    const status = page.getByRole('button', { name: /^SageMaker: .* billing/ });
    await expect(status).toHaveClass(/smext-mod-bad/);
    await page.evaluate(async () => {
      const registry = await window.galata.getPlugin(
        '@jupyterlab/apputils-extension:settings'
      );
      const settings = await registry!.load('smext:plugin');
      await settings.set('warnAbove', 1000);
      await settings.set('alarmAbove', 2000);
    });
    await expect(status).toHaveClass(/smext-mod-ok/);
  });
});
