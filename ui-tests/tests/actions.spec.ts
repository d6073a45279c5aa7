import { expect, test } from './fixtures';
import { openPanel, rowOf } from './steps';

test.describe('Stopping and deleting', () => {
  test.use({ scene: 'busy', ownServers: true });

  test('asks first, says what is lost and what stays, then does it', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    const row = rowOf(list, 'summarizer-demo');
    await row.hover();
    await row.getByRole('button', { name: 'Delete summarizer-demo' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Delete summarizer-demo?');
    await expect(dialog).toContainText('Lost');
    await expect(dialog).toContainText('Stays');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    const { calls } = await lab.control({ calls: true });
    expect(calls).not.toContain('DeleteEndpoint');

    await row.hover();
    await row.getByRole('button', { name: 'Delete summarizer-demo' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('Deleting endpoint summarizer-demo')).toBeVisible();
    await lab.control({ advance: 600 });
    await expect(row).toBeHidden({ timeout: 60000 });
  });

  test('of the space that serves the page asks twice', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    const row = rowOf(list, 'maria-lab');
    await row.hover();
    await row.getByRole('button', { name: 'Stop maria-lab' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await expect(dialog).toContainText('where this page runs?');
    const stop = dialog.getByRole('button', { name: 'Stop' });
    await expect(stop).toBeDisabled();
    await dialog.getByRole('checkbox').check();
    await expect(stop).toBeEnabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    const { calls } = await lab.control({ calls: true });
    expect(calls).not.toContain('DeleteApp');
  });

  test('is in the menu of a row too', async ({ page }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    await rowOf(list, 'jonas-gpu').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Stop…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByText('Stopping jonas-gpu')).toBeVisible();
  });

  test('that is refused says why, and the message stays', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    const row = rowOf(list, 'legacy-reports');
    await expect(row).toBeVisible();
    await lab.control({ fail: ['StopNotebookInstance', 'AccessDeniedException'] });
    await row.hover();
    await row.getByRole('button', { name: 'Stop legacy-reports' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByText(/Stop did not work: legacy-reports/)).toContainText(
      'StopNotebookInstance'
    );
  });
});
