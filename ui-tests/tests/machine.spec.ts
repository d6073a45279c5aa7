import { expect, test } from './fixtures';
import { openForm, openNotebook, writeNotebook } from './steps';

test.describe('The machine', () => {
  test.use({ scene: 'busy' });

  test('is found by words with the keyboard, and the plan follows', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/machine.ipynb`;
    writeNotebook(lab, file, [{ source: 'print("hello")' }]);
    await openNotebook(page, file);
    const run = await openForm(page);
    const type = page.getByRole('combobox', { name: 'Instance type' });
    await expect(type).toHaveAccessibleDescription(/4 vCPU · 16 GiB · \$0\.23\/h/);

    await type.focus();
    await page.keyboard.press('ArrowDown');
    const list = page.getByRole('listbox', { name: 'Machines' });
    await expect(
      list.getByRole('option', { name: /^ml\.m5\.xlarge, .* \d+ of 15 left/ })
    ).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('1 gpu 24gb');
    const first = list.getByRole('option').first();
    await expect(first).toHaveAccessibleName(/^ml\.g6\.xlarge, \$1\.13\/h, 4 vCPU, 16 GiB, GPU: 1 L4 22 GiB/);
    await expect(list.getByRole('option', { name: /^ml\.m5\./ })).toHaveCount(0);
    await page.keyboard.press('ArrowDown');
    await expect(list.getByRole('option', { selected: true })).toHaveAccessibleName(/^ml\.g6\.2xlarge/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');

    await expect(list).toBeHidden();
    await expect(type).toHaveValue('ml.g6.xlarge');
    await expect(type).toHaveAccessibleDescription(/1 L4 22 GiB · \$1\.13\/h/);
    const plan = page.getByRole('complementary', { name: 'Plan' });
    await expect(plan).toContainText('$1.13/h');
    await expect(plan).toContainText('ml.g6.xlarge');
    await expect(run).toBeEnabled();
  });

  test('may be one that nobody knows, and words are none', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/machine.ipynb`;
    writeNotebook(lab, file, [{ source: 'print("hello")' }]);
    await openNotebook(page, file);
    await openForm(page);
    const type = page.getByRole('combobox', { name: 'Instance type' });
    await type.click();
    await type.fill('2 gpu');
    await page.keyboard.press('Tab');
    await expect(type).toHaveValue('ml.m5.xlarge');

    await type.click();
    await type.fill('ml.z9.xlarge');
    await expect(page.getByRole('option')).toHaveAccessibleName(/^ml\.z9\.xlarge, no price/);
    await page.keyboard.press('Enter');
    await expect(type).toHaveValue('ml.z9.xlarge');
    await expect(page.getByRole('complementary', { name: 'Plan' })).toContainText('ml.z9.xlarge');
  });
});
