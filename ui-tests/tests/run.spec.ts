import * as fs from 'fs';
import * as path from 'path';
import { expect, test } from './fixtures';
import { openForm, openNotebook, openPanel, rowOf, writeNotebook } from './steps';

const CHURN = [
  { source: 'depth = 6  # levels\nname = "a b"', tags: ['parameters'] },
  { source: 'import time\nfor i in range(4):\n    time.sleep(1)\n    print("epoch", i)' },
  { source: 'open("result.csv", "w").write("a,b\\n1,2\\n")' },
  { source: 'print("as saved", depth)' }
];

test.describe('Running the open notebook', () => {
  test.use({
    scene: 'busy',
    mode: 'exec',
    baseUrl: '/jupyterlab/default/'
  });

  test('takes it from the screen to the output notebook', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/churn.ipynb`;
    writeNotebook(lab, file, CHURN);
    await openNotebook(page, file);
    const panel = await openPanel(page);
    await page.notebook.setCell(3, 'code', 'print("as edited", depth)');

    const run = await openForm(page);
    await expect(page.getByText('unsaved edits in 1 cell')).toBeVisible();
    const depth = page.getByRole('textbox', { name: 'depth' });
    await expect(depth).toHaveValue('6');
    await depth.fill('7');
    await expect(run).toBeDisabled();
    await expect(run).toBeEnabled();
    await run.dblclick();

    await expect(page.getByRole('tab', { name: /^Cells/ })).toBeVisible();
    const cells = page.getByRole('list', { name: 'Cells' });
    await expect(
      cells.getByRole('listitem').filter({ hasText: 'import time' })
    ).toContainText(/\d:\d\d/, { timeout: 60000 });
    const runs = panel.getByRole('list', { name: 'Runs of this notebook' });
    await page.getByRole('tab', { name: 'churn.ipynb', exact: true }).click();
    await expect(runs.getByRole('listitem')).toHaveCount(1);
    await expect(runs.getByRole('progressbar')).toBeVisible();
    await expect(runs.getByRole('img', { name: 'Completed' })).toBeVisible({
      timeout: 60000
    });
    await expect(page.getByText(/^churn-.*: Completed/)).toBeVisible();

    await runs.locator('.smext-Row-name').click();
    await page.getByRole('tab', { name: 'Log' }).click();
    await expect(page.getByRole('log', { name: 'Log' })).toContainText('epoch 3');
    await page.getByRole('tab', { name: 'Outputs' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Download .*result\.csv/ }).click();
    const saved = await (await download).path();
    expect(fs.readFileSync(saved, 'utf8')).toBe('a,b\n1,2\n');

    await page.getByRole('button', { name: 'Open output notebook' }).click();
    await expect(page.getByText('as edited 7')).toBeVisible();
    const source = fs.readFileSync(path.join(lab.root, file), 'utf8');
    expect(source).toContain('as saved');
  });

  const COMPUTES = [
    {
      source:
        'steps = 100\nif True:\n    steps = 1\nxs = [1]\nxs.append(2)\nlong = 1\nwhere = None',
      tags: ['parameters']
    },
    { source: 'print("has", steps, xs, long, where)' }
  ];

  test('sets nothing where nothing was changed', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/computes.ipynb`;
    writeNotebook(lab, file, COMPUTES);
    await openNotebook(page, file);
    await openPanel(page);
    const run = await openForm(page);
    const long = page.getByRole('textbox', { name: 'long', exact: true });
    await expect(long).toHaveValue('1');
    // What is typed and taken back is no change.
    const set = page.getByRole('list', { name: 'Parameters that are set' });
    await long.fill('5');
    await expect(set).toContainText('long = 5');
    await page.getByRole('button', { name: 'Use the default of long' }).click();
    await expect(long).toHaveValue('1');
    await expect(set).toBeHidden();
    await expect(run).toBeEnabled();
    await run.click();
    await page.getByRole('tab', { name: 'Log' }).click();
    const log = page.getByRole('log', { name: 'Log' });
    await expect(log).toContainText('has 1 [1, 2] 1 None', { timeout: 60000 });
    await expect(log).not.toContainText('setting the parameters');
  });

  test('sets what was changed alone, as it was typed', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/computes.ipynb`;
    writeNotebook(lab, file, COMPUTES);
    await openNotebook(page, file);
    await openPanel(page);
    const run = await openForm(page);
    const where = page.getByRole('textbox', { name: 'where' });
    await expect(where).toHaveValue('');
    await expect(where).toHaveAttribute('placeholder', 'None');
    await page
      .getByRole('textbox', { name: 'long', exact: true })
      .fill('9007199254740993');
    await where.fill('my-bucket');
    const set = page.getByRole('list', { name: 'Parameters that are set' });
    await expect(set).toContainText("where = 'my-bucket'");
    await expect(run).toBeEnabled();
    await run.click();
    await page.getByRole('tab', { name: 'Log' }).click();
    await expect(page.getByRole('log', { name: 'Log' })).toContainText(
      'has 1 [1, 2] 9007199254740993 my-bucket',
      { timeout: 60000 }
    );
  });

  test('shows at once, and in the end says, what went wrong in a cell', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/fails.ipynb`;
    writeNotebook(lab, file, [
      { source: 'row = {"a": 1}' },
      { source: 'row["tenure"]' },
      { source: 'print("never")' }
    ]);
    await openNotebook(page, file);
    const panel = await openPanel(page);
    const run = await openForm(page);
    await page.getByRole('radio', { name: 'Training job' }).check();
    await expect(run).toBeEnabled();
    await run.click();
    await expect(
      page
        .getByRole('tabpanel', { name: /^Cells/ })
        .getByRole('alert')
        .filter({ hasText: "cell 2: KeyError: 'tenure'" })
    ).toBeVisible({ timeout: 60000 });
    await expect(
      page.getByText(/^fails-.*: Failed .*KeyError: 'tenure'/)
    ).toBeVisible({ timeout: 60000 });
    await page.getByRole('tab', { name: 'fails.ipynb', exact: true }).click();
    const runs = panel.getByRole('list', { name: 'Runs of this notebook' });
    await expect(rowOf(runs, 'fails-')).toContainText("KeyError: 'tenure'");
    const row = rowOf(runs, 'fails-');
    await row.hover();
    await row.getByRole('button', { name: /^Open the notebook of/ }).click();
    await expect(
      page.locator('.jp-OutputArea-output', { hasText: 'KeyError' })
    ).toBeVisible();
  });

  test('can be stopped, and leaves what was done', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/long.ipynb`;
    writeNotebook(lab, file, [
      { source: 'print("so far")' },
      { source: 'import time\ntime.sleep(600)' }
    ]);
    await openNotebook(page, file);
    await openPanel(page);
    await (await openForm(page)).click();
    await expect(page.getByRole('tab', { name: 'Cells 1/2' })).toBeVisible({
      timeout: 60000
    });
    await page.getByRole('button', { name: 'Stop…' }).last().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    const open = page.getByRole('button', { name: 'Open output notebook' });
    await expect(open).toBeVisible({ timeout: 60000 });
    await open.click();
    await expect(
      page.locator('.jp-OutputArea-output', { hasText: 'so far' })
    ).toBeVisible();
  });
});

test.describe('The form', () => {
  test.use({ scene: 'busy' });

  test('holds what was typed wrong, and does not run it', async ({
    page,
    lab,
    tmpPath
  }) => {
    writeNotebook(lab, `${tmpPath}/form.ipynb`, CHURN);
    await openNotebook(page, `${tmpPath}/form.ipynb`);
    await openForm(page);
    const depth = page.getByRole('textbox', { name: 'depth' });
    await depth.fill('six');
    await expect(depth).toHaveAttribute('aria-invalid', 'true');
    const run = page.getByRole('button', { name: /^Run( ·|$)/ });
    await expect(run).toBeDisabled();
    await expect(depth).toHaveValue('six');
    await depth.fill('6');
    await expect(run).toBeEnabled();
  });

  test('finds an instance type by part of its name', async ({
    page,
    lab,
    tmpPath
  }) => {
    writeNotebook(lab, `${tmpPath}/form.ipynb`, CHURN);
    await openNotebook(page, `${tmpPath}/form.ipynb`);
    await openForm(page);
    const type = page.getByRole('combobox', { name: 'Instance type' });
    await type.click();
    await type.fill('g5.2x');
    await page.getByRole('option', { name: /^ml\.g5\.2xlarge, \$/ }).click();
    await expect(type).toHaveValue('ml.g5.2xlarge');
    await expect(page.getByRole('complementary', { name: 'Plan' })).toContainText(
      'ml.g5.2xlarge'
    );
  });

  test('opens from the file browser for the notebook on the screen', async ({
    page,
    lab,
    tmpPath
  }) => {
    writeNotebook(lab, `${tmpPath}/form.ipynb`, CHURN);
    await page.filebrowser.openDirectory(tmpPath);
    await page.sidebar.openTab('filebrowser');
    await page.filebrowser.refresh();
    await page
      .locator('.jp-DirListing-item[data-file-type="notebook"]')
      .first()
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Run on SageMaker…' }).click();
    await expect(page.getByRole('tab', { name: 'Run form.ipynb' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Run · at most/ })).toBeEnabled();
  });
});

test.describe('With two tabs', () => {
  test.use({ scene: 'busy', mode: 'exec' });

  test('both show the run, and its end is said once', async ({
    page,
    lab,
    tmpPath,
    context
  }) => {
    const file = `${tmpPath}/both.ipynb`;
    writeNotebook(lab, file, [{ source: 'import time\ntime.sleep(2)' }]);
    const other = await context.newPage();
    await other.goto(`${lab.url}/lab`);
    const status = other.getByRole('button', { name: /^SageMaker: / });
    await status.click();
    const processing = other.getByRole('button', { name: /^Processing jobs/ });
    await processing.click();
    await page.bringToFront();
    await openNotebook(page, file);
    await (await openForm(page)).click();
    const row = other.getByRole('listitem').filter({ hasText: /^both-/ });
    await expect(row.last()).toBeVisible({ timeout: 60000 });
    await expect(row.getByRole('img', { name: 'Completed' }).last()).toBeVisible({
      timeout: 60000
    });
    const panel = await openPanel(page);
    await page.getByRole('tab', { name: 'both.ipynb', exact: true }).click();
    await expect(
      panel
        .getByRole('list', { name: 'Runs of this notebook' })
        .getByRole('img', { name: 'Completed' })
    ).toBeVisible({ timeout: 60000 });
    const said = /^both-.*: Completed/;
    await expect
      .poll(
        async () =>
          (await page.getByText(said).count()) +
          (await other.getByText(said).count())
      )
      .toBe(1);
  });
});
