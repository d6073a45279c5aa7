import { expect, test } from './fixtures';
import { openPanel, rowOf } from './steps';

test.describe('Stopping several things', () => {
  test.use({ scene: 'busy', ownServers: true });

  test('asks once, leaves out what it must, and says what did not work', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    await expect(rowOf(list, 'legacy-reports')).toBeVisible();
    await panel.getByRole('button', { name: 'Select…' }).click();
    await expect(list.getByLabel('Select maria-lab')).toBeDisabled();
    await list.getByLabel('Select summarizer-demo').check();
    await list.getByLabel('Select legacy-reports').check();
    const fail = ['StopNotebookInstance', 'AccessDeniedException'];
    await lab.control({ fail });
    await panel.getByRole('button', { name: 'Stop 2…' }).click();
    const dialog = page.getByRole('dialog');
    const items = dialog.getByRole('list', { name: 'To stop' });
    await expect(items.getByRole('listitem')).toHaveCount(2);
    await expect(items).toContainText('Lost:');
    await dialog.getByRole('button', { name: 'Stop what is ticked' }).click();
    await expect(dialog).toContainText('1 of 2 did not work');
    await expect(dialog).toContainText('Deleting endpoint summarizer-demo');
    await expect(dialog).toContainText('sagemaker:StopNotebookInstance');
  });

  test('is offered where JupyterLab lists what runs, and stops nothing before it is confirmed', async ({
    page,
    lab
  }) => {
    await page.sidebar.openTab('jp-running-sessions');
    const running = page.locator('#jp-running-sessions');
    await expect(running.getByText('$1.52/h · summarizer-demo')).toBeVisible();
    await running.getByRole('button', { name: 'Stop Several…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Stop Several…' }).click();
    await expect(dialog.getByRole('list', { name: 'To stop' })).toContainText(
      'summarizer-demo'
    );
    await expect(dialog).toContainText('maria-lab (serves this page)');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    const { calls } = await lab.control({ calls: true });
    expect(calls).not.toContain('DeleteEndpoint');
    await running.getByText('$1.52/h · summarizer-demo').click();
    await expect(
      page.getByRole('heading', { name: 'summarizer-demo' })
    ).toBeVisible();
  });
});

test.describe('In an account that is protected', () => {
  test.use({ scene: 'busy', guarded: true });

  test('nothing is stopped together, and one thing only when asked twice', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    const row = rowOf(list, 'summarizer-demo');
    await expect(row).toBeVisible();
    await expect(panel.getByRole('button', { name: 'Select…' })).toBeDisabled();
    await expect(panel).toContainText('Protected account: stop one at a time.');
    await row.hover();
    await row.getByRole('button', { name: 'Delete summarizer-demo' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(dialog).toContainText('in a protected account?');
    const go = dialog.getByRole('button', { name: 'Delete' });
    await expect(go).toBeDisabled();
    const { calls } = await lab.control({ calls: true });
    expect(calls).not.toContain('DeleteEndpoint');
    await dialog.getByRole('checkbox').check();
    await go.click();
    await expect(
      page.getByText('Deleting endpoint summarizer-demo')
    ).toBeVisible();
  });
});
