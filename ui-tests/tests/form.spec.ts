import * as fs from 'fs';
import * as path from 'path';
import { expect, test } from './fixtures';
import {
  openForm,
  openNotebook,
  openRequest,
  openSection,
  writeNotebook
} from './steps';

const CELLS = [{ source: 'depth = 6', tags: ['parameters'] }, { source: 'depth' }];

test.use({ scene: 'busy' });

test.beforeEach(async ({ page, lab, tmpPath }) => {
  writeNotebook(lab, `${tmpPath}/study.ipynb`, CELLS);
  await openNotebook(page, `${tmpPath}/study.ipynb`);
});

test.describe('The launch form', () => {
  test('finds an input by a look into S3', async ({ page }) => {
    await openForm(page);
    const data = await openSection(page, 'Data');
    await data.getByRole('button', { name: 'Add an input' }).click();
    const from = data.getByRole('textbox', { name: 'From' });
    await expect(page.getByText('An input has no address yet.')).toBeVisible();
    await expect(from).toHaveAttribute('aria-invalid', 'false');

    await data.getByRole('button', { name: 'Browse…' }).click();
    await data.getByRole('option', { name: /^sagemaker-us-east-1-/ }).click();
    await expect(data.getByRole('option', { name: 'smext/' })).toBeVisible();
    await page.keyboard.press('Enter');
    const way = data.getByRole('navigation', { name: 'Way to this folder' });
    await expect(way.locator('[aria-current]')).toHaveText('smext');
    await data.getByRole('button', { name: 'Use this folder' }).click();

    await expect(from).toHaveValue(/^s3:\/\/sagemaker-us-east-1-\d+\/smext\/$/);
    await expect(data.getByRole('button', { name: 'Browse…' })).toBeFocused();
    await expect(from).toHaveAttribute('aria-invalid', 'false');
    await expect(data.locator('summary')).toContainText('1 input');
    await expect(await openRequest(page)).toContainText(await from.inputValue());
  });

  test('sends spot, tags and a most in USD', async ({ page }) => {
    await openForm(page);
    const form = page.getByRole('form', { name: 'What to run' });
    await form.getByRole('radio', { name: 'Training job' }).check();
    const money = await openSection(page, 'Spot, warm pool, retries');
    await money.getByRole('checkbox', { name: 'Spot machines' }).check();
    await form.getByRole('button', { name: 'Limit by cost' }).click();
    const most = form.getByRole('textbox', { name: 'Stop at' });
    await expect(most).toBeFocused();
    await most.fill('5');
    await expect(form).toContainText(/\$5\.00 = \d+ h \d+ min/);
    await expect(money.locator('summary')).toContainText('spot, stop at $5.00');

    const tags = await openSection(page, 'Tags');
    await tags.getByRole('button', { name: 'Add a tag' }).click();
    await tags.getByRole('textbox', { name: 'Key of tag 1' }).fill('team');
    await tags.getByRole('textbox', { name: 'Value of team' }).fill('churn');

    const request = await openRequest(page);
    await expect(request).toContainText('"Key": "team"');
    await expect(request).toContainText('"Value": "churn"');
    await expect(request).toContainText('"EnableManagedSpotTraining": true');
    await expect(request).not.toContainText('"MaxRuntimeInSeconds": 3600');

    await form.getByRole('radio', { name: 'Processing job' }).check();
    await expect(request).not.toContainText('EnableManagedSpotTraining');
    await form.getByRole('button', { name: 'Limit by time' }).click();
    await expect(request).toContainText('"MaxRuntimeInSeconds": 3600');
  });

  test('has a control for an option by its row in the table alone', async ({
    page
  }) => {
    await openForm(page);
    const network = await openSection(page, 'Network and keys');
    await network
      .getByRole('checkbox', { name: 'Encrypt traffic between machines' })
      .check();
    await expect(network.locator('summary')).toContainText('encrypted traffic');
    const request = await openRequest(page);
    await expect(request).toContainText(
      '"EnableInterContainerTrafficEncryption": true'
    );
    // Of training jobs alone.
    const form = page.getByRole('form', { name: 'What to run' });
    await form.getByRole('radio', { name: 'Training job' }).check();
    const training = await openSection(page, 'Spot, warm pool, retries');
    await training.getByRole('checkbox', { name: 'Remote debugging' }).check();
    await expect(request).toContainText('"EnableRemoteDebug": true');
    await form.getByRole('radio', { name: 'Processing job' }).check();
    await expect(request).not.toContainText('EnableRemoteDebug');
  });

  test('opens a section in which something is wrong, and leads there', async ({
    page
  }) => {
    await openForm(page);
    const network = await openSection(page, 'Network and keys');
    await network.getByRole('textbox', { name: 'Subnets' }).fill('subnet-1');
    await expect(network.locator('summary').getByRole('img')).toHaveAccessibleName(
      'something here is wrong'
    );
    await network.locator('summary').click();
    await page
      .getByRole('list', { name: 'Checks' })
      .getByRole('button', { name: 'Change' })
      .first()
      .click();
    await expect(network.locator('textarea:focus')).toBeVisible();
  });

  test('saves what was chosen with the notebook, and forgets it', async ({
    page,
    lab,
    tmpPath
  }) => {
    await openForm(page);
    const form = page.getByRole('form', { name: 'What to run' });
    const save = page.getByRole('button', { name: /^Save these choices/ });
    await expect(save).toBeDisabled();
    const disk = form.getByRole('textbox', { name: 'Disk' });
    await disk.fill('77');
    await disk.press('Enter'); // presses no button of the form
    await expect(
      form.getByRole('button', { name: 'Limit by cost' })
    ).toBeVisible();
    await form.getByRole('textbox', { name: 'depth' }).fill('9');
    const variables = await openSection(page, 'Environment variables');
    await variables.getByRole('button', { name: 'Add a variable' }).click();
    await variables.getByRole('textbox', { name: 'Name of variable 1' }).fill('TOKEN');
    await save.click();
    await expect(page.getByText(/^The notebook brings along: volume_gb\./)).toBeVisible();

    const saved = async () => {
      await page.getByRole('tab', { name: 'study.ipynb', exact: true }).click();
      await page.notebook.save();
      const file = path.join(lab.root, tmpPath, 'study.ipynb');
      return JSON.parse(fs.readFileSync(file, 'utf8')).metadata.smext ?? null;
    };
    await expect.poll(saved).toEqual({ launch: { volume_gb: 77 } });

    await page.getByRole('tab', { name: 'Run study.ipynb' }).click();
    await page.getByRole('button', { name: 'Forget' }).click();
    await expect(page.getByText(/^The notebook brings along/)).toBeHidden();
    await expect.poll(saved).toBeNull();
  });

  test('comes back after a reload', async ({ page }) => {
    const kept = page.waitForRequest(
      request =>
        request.method() === 'PUT' &&
        request.url().includes('/api/workspaces') &&
        /"widgets":\[[^\]]*"smext-launch:/.test(request.postData() ?? '')
    );
    await openForm(page);
    await kept;
    await page.evaluate(() => window.location.reload());
    await expect(page.getByRole('tab', { name: 'Run study.ipynb' })).toBeVisible();
    await page.getByRole('tab', { name: 'Run study.ipynb' }).click();
    await expect(page.getByRole('button', { name: /^Run · at most/ })).toBeEnabled();
  });
});

test.describe('Where S3 does not list its buckets', () => {
  test.use({ ownServers: true });

  test('the form says so, and takes what is typed', async ({
    page,
    lab
  }) => {
    await openForm(page);
    await lab.control({ fail: ['s3:ListBuckets', 'AccessDenied'] });
    const data = await openSection(page, 'Data');
    await data.getByRole('button', { name: 'Add an input' }).click();
    await data.getByRole('button', { name: 'Browse…' }).click();
    await expect(data.getByRole('alert')).toContainText('s3:ListAllMyBuckets');
    const address = data.getByRole('textbox', { name: 'Folder to look into' });
    await address.fill('sagemaker-us-east-1-123456789012');
    await address.press('Enter');
    await expect(data.getByRole('option', { name: 'smext/' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(address).toBeHidden();
    await lab.control({ heal: null });
  });
});

test.describe('A launch on its way', () => {
  test.use({ ownServers: true });

  test('leads to the field for which AWS refuses it', async ({ page, lab }) => {
    const run = await openForm(page);
    await lab.control({
      fail: ['CreateProcessingJob', 'ResourceLimitExceeded', 1]
    });
    await run.click();
    const machine = page.getByRole('combobox', { name: 'Instance type' });
    await expect(machine).toBeFocused();
    await expect(machine).toHaveAttribute('aria-invalid', 'true');
    await expect(run).toBeEnabled();
  });

  test('shows how far it is, and can be cancelled', async ({
    page,
    lab,
    tmpPath
  }) => {
    const data = path.join(lab.root, tmpPath, 'data.bin');
    fs.writeFileSync(data, Buffer.alloc(200_000, 'x'));
    const run = await openForm(page);
    await lab.control({ delay: 2500 });
    await run.click();
    const bar = page.getByRole('progressbar', { name: 'Launch' });
    await expect(bar).toHaveAttribute('aria-valuetext', /^Uploading… .* of /);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await lab.control({ heal: null });
    await expect(page.getByText('Cancelled: nothing was created.')).toBeVisible();
    await expect(run).toBeEnabled();
    const { calls } = await lab.control({ calls: null });
    expect(calls).not.toContain('CreateProcessingJob');

    await run.click();
    await expect(page.getByText(/^study-.* is launched\.$/).first()).toBeVisible();
  });
});
