import { expect, test } from './fixtures';
import { openPanel } from './steps';

test.describe('Warnings', () => {
  test.use({ scene: 'busy', warnings: true });

  test('say what runs long, and stop it only after asking', async ({
    page,
    lab
  }) => {
    const toast = page
      .locator('.Toastify__toast')
      .filter({ hasText: 'summarizer-demo' });
    await expect(toast).toContainText('bills $1.52/h');
    await toast.getByRole('button', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Delete summarizer-demo?');
    await expect(dialog).toContainText('Lost');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    const { calls } = await lab.control({ calls: true });
    expect(calls).not.toContain('DeleteEndpoint');
    const panel = await openPanel(page);
    await expect(panel.getByRole('group', { name: 'Billing' })).toContainText(
      /\$[\d.,]+ until Monday/
    );
  });

  test('that are snoozed do not come again, the others on another day', async ({
    page
  }) => {
    const toasts = page.locator('.Toastify__toast');
    const first = toasts.filter({ hasText: 'Snooze' }).first();
    const text = await first.locator('.jp-toast-message').innerText();
    const toast = toasts.filter({ hasText: text });
    const other = toasts.filter({ hasText: 'Snooze' });
    await toast.getByRole('button', { name: 'Snooze for a day' }).click();
    await expect(toast).toBeHidden();
    await page.reload();
    await expect(page.getByRole('button', { name: /^SageMaker: .* billing now/ }))
      .toBeVisible();
    await expect(other).toHaveCount(0);
    // As if it were tomorrow: what was said today is forgotten.
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await expect(other.first()).toBeVisible();
    await expect(toast).toHaveCount(0);
  });
});

test.describe('On opening JupyterLab', () => {
  const yesterday = Date.now() - 20 * 3_600_000;
  const looked = { 'default.default': yesterday };
  test.use({
    scene: 'busy',
    warnings: true,
    mockState: { 'smext:guard': { looked } },
    resetWorkspace: false
  });

  test('says what was spent since it was looked at last', async ({ page }) => {
    await expect(
      page
        .locator('.Toastify__toast')
        .filter({ hasText: /Since (yesterday )?\d\d:\d\d: at least \$[\d.]+/ })
    ).toBeVisible({ timeout: 60000 });
  });
});
