import { expect, test } from './fixtures';
import * as fs from 'fs';
import * as path from 'path';
import { openForm, openNotebook, openSection, writeNotebook } from './steps';

test.use({ scene: 'busy' });

test.describe('What goes along', () => {
  test('is shown, and can be chosen', async ({ page, lab }) => {
    writeNotebook(lab, 'along/study/churn.ipynb', [{ source: 'x = 1' }]);
    fs.mkdirSync(path.join(lab.root, 'along/lib'), { recursive: true });
    fs.writeFileSync(path.join(lab.root, 'along/lib/more.py'), 'y = 2');
    fs.writeFileSync(
      path.join(lab.root, 'along/study/requirements.txt'),
      'tabulate==0.9.0\n'
    );
    await openNotebook(page, 'along/study/churn.ipynb');
    await openForm(page);
    const form = page.getByRole('form', { name: 'What to run' });
    const plan = page.getByRole('complementary', { name: 'Plan' });

    await openSection(page, 'Files and packages');
    await form.getByRole('textbox', { name: 'Files' }).fill('../lib/*.py');
    await plan.getByText(/^Uploads \d/).click();
    await expect(plan.getByRole('list', { name: 'Uploads' })).toContainText(
      '../lib/more.py'
    );

    await form.getByRole('radio', { name: 'a requirements file' }).check();
    await expect(
      form.getByRole('combobox', { name: 'Requirements file' })
    ).toHaveValue('requirements.txt');
    await plan.getByText('Installs 1 package').click();
    const packages = plan.getByRole('list', { name: 'Packages' });
    await expect(packages).toContainText('tabulate==0.9.0');

    await form.getByRole('radio', { name: 'my own list' }).check();
    const own = form.getByRole('textbox', { name: 'Requirements' });
    await expect(own).toHaveValue('tabulate==0.9.0');
    await own.fill('not a requirement');
    await expect(form).toContainText('This is no requirement');
    await own.fill('tabulate==0.9.0\nrich>=13');
    await plan.getByText('Installs 2 packages').click();
    await expect(packages).toContainText('rich>=13');
    await expect(form).not.toContainText('This is no requirement');

    await form.getByRole('radio', { name: 'what the kernel has' }).check();
    await expect(plan.getByText(/^Installs/)).toBeHidden();
  });
});
