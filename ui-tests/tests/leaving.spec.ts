import { expect, test } from './fixtures';
import { openPanel, rowOf } from './steps';

test.describe('Shut Down', () => {
  test.use({ scene: 'busy', ownServers: true });

  test('says what goes on billing, stops what is ticked, and then shuts down', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    await expect(rowOf(list, 'summarizer-demo')).toBeVisible();
    await expect(panel).not.toContainText('Still reading');
    await page.menu.clickMenuItem('File>Shut Down');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Shut Down: this goes on billing');
    await expect(dialog).toContainText(/\d endpoints.* go on: .*\$[\d.]+\/h/);
    await expect(dialog).toContainText(
      'Shut Down does not stop what was started from here.'
    );
    // What surely is somebody else's is none of this person's business.
    await expect(dialog).not.toContainText('jonas-gpu');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect((await fetch(`${lab.url}/api`)).ok).toBe(true);

    await page.menu.clickMenuItem('File>Shut Down');
    await dialog.getByRole('checkbox', { name: /summarizer-demo/ }).check();
    await dialog.getByRole('button', { name: 'Stop 1, then Shut Down' }).click();
    // From here on it is JupyterLab's own.
    await expect(dialog).toContainText('Shutdown confirmation');
    const { calls } = await lab.control({ calls: true });
    expect(calls).toContain('DeleteEndpoint');
    // Galata passes requests on, and takes it ill when the server is gone.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await dialog.getByRole('button', { name: 'Shut Down', exact: true }).click();
    await expect
      .poll(() =>
        fetch(`${lab.url}/api`).then(
          () => 'up',
          () => 'down'
        )
      )
      .toBe('down');
    await expect(dialog).toContainText('Server stopped');
  });

  test('goes on only when that is wanted, where something did not stop', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    await expect(rowOf(list, 'legacy-reports')).toBeVisible();
    await lab.control({
      fail: ['StopNotebookInstance', 'AccessDeniedException']
    });
    await page.menu.clickMenuItem('File>Shut Down');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /legacy-reports/ }).check();
    await dialog.getByRole('button', { name: 'Stop 1, then Shut Down' }).click();
    await expect(dialog).toContainText('1 of 1 did not work');
    await expect(dialog).toContainText('sagemaker:StopNotebookInstance');
    await dialog.getByRole('button', { name: 'Shut Down Anyway' }).click();
    await expect(dialog).toContainText('Shutdown confirmation');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

test.describe('Shut Down, with nothing that bills', () => {
  test.use({ scene: 'empty' });

  test('is as it always was', async ({ page }) => {
    const panel = await openPanel(page);
    await expect(panel).toContainText('Nothing bills by the hour now.');
    await page.menu.clickMenuItem('File>Shut Down');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Shutdown confirmation');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

test.describe('Shut Down, where nothing can be known', () => {
  test.use({ scene: null });

  test('is not held up', async ({ page }) => {
    await openPanel(page);
    await page.menu.clickMenuItem('File>Shut Down');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Shutdown confirmation');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

test.describe('Stopping the space under the page', () => {
  test.use({ scene: 'busy', ownServers: true });

  test('stops first what is ticked, then the space itself', async ({
    page,
    lab
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    const row = rowOf(list, 'maria-lab');
    await expect(rowOf(list, 'maria-editor')).toBeVisible();
    await row.hover();
    await row.getByRole('button', { name: 'Stop maria-lab' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(
      'Stopping this Studio app does not stop what it started.'
    );
    await dialog.getByRole('checkbox', { name: /maria-editor/ }).check();
    await dialog
      .getByRole('button', { name: 'Stop 1, then Stop maria-lab' })
      .click();
    await expect(dialog).toContainText('Stop maria-lab, where this page runs?');
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(page.getByText(/Stopping.* maria-lab/).first()).toBeVisible();
    const { calls } = await lab.control({ calls: true });
    const stops = (calls as string[]).filter(name => name === 'DeleteApp');
    expect(stops).toHaveLength(2);
  });
});
