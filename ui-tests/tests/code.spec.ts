import { expect, test } from './fixtures';
import { openForm, openNotebook, writeNotebook } from './steps';

test.use({ scene: 'busy' });

test.describe('A launch as code', () => {
  test('is put into the notebook as a cell that is not run', async ({
    page,
    lab
  }) => {
    writeNotebook(lab, 'as-code/churn.ipynb', [
      { source: 'first = 1' },
      { source: 'last = 2' }
    ]);
    await openNotebook(page, 'as-code/churn.ipynb');
    await openForm(page);
    await page.getByText('As code of the SageMaker SDK').click();
    const code = page.locator('.smext-Code');
    await expect(code.locator('pre')).toContainText('# Runs churn.ipynb');
    await expect(code.locator('pre')).not.toContainText('smext.run');
    await code.getByRole('radio', { name: '2', exact: true }).check();
    await expect(code.locator('pre')).toContainText('SDK 2');
    await code.getByRole('button', { name: 'Insert as cell' }).click();
    const cells = page.locator('.jp-Notebook:visible .jp-Cell');
    await expect(cells).toHaveCount(3);
    await expect(cells.nth(1)).toContainText('# Runs churn.ipynb');
    await expect(cells.nth(1)).toHaveClass(/jp-mod-active/);
    await expect(cells.nth(1).locator('.jp-InputPrompt')).toHaveText('[ ]:');
    await expect(cells.nth(2)).toContainText('last = 2');
  });
});
