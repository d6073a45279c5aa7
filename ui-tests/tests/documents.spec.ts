import { expect, test } from './fixtures';
import type { Page } from './steps';
import {
  execute,
  openForm,
  openNotebook,
  openPanel,
  openRequest,
  writeNotebook
} from './steps';

/** The bodies that are posted to a route from now on. */
function posted(page: Page, route: string): string[] {
  const bodies: string[] = [];
  page.on('request', request => {
    if (request.url().includes(route)) {
      bodies.push(request.postData() ?? '');
    }
  });
  return bodies;
}

/** A view of a notebook, as far as these tests look into it. */
interface IView {
  context?: { path: string };
  content: { model: { sharedModel: { insertCell(at: number, cell: object): void } } };
}

/** JupyterLab's services with the drive of the server, whose class makes others. */
interface IServices {
  contents: {
    _defaultDrive: { constructor: new (options: object) => IDrive };
    get(path: string): Promise<IFile>;
    addDrive(drive: IDrive): void;
  };
  serverSettings: object;
}

interface IDrive {
  get(path: string): Promise<IFile>;
  save(path: string): Promise<object>;
  listCheckpoints(path: string): Promise<object[]>;
  createCheckpoint(path: string): Promise<object>;
}

interface IFile {
  content: { cells: { source: string }[] };
  last_modified: string;
}

/** Put a cell into a notebook. */
async function edit(page: Page, file: string, source: string): Promise<void> {
  await page.evaluate(
    ([path, text]) => {
      const views = [...window.jupyterapp.shell.widgets('main')].filter(
        each => (each as unknown as IView).context?.path === path
      ) as unknown as IView[];
      views[0].content.model.sharedModel.insertCell(0, {
        cell_type: 'code',
        source: text,
        metadata: {}
      });
    },
    [file, source]
  );
}

async function closeOne(page: Page, file: string): Promise<void> {
  await page.evaluate(path => {
    const views = [...window.jupyterapp.shell.widgets('main')].filter(
      each => (each as unknown as IView).context?.path === path
    );
    views[0].dispose();
  }, file);
}

async function showForm(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { shell } = window.jupyterapp;
    const form = [...shell.widgets('main')].find(each =>
      each.id.startsWith('smext-launch')
    );
    shell.activateById(form?.id ?? '');
  });
}

test.describe('A form', () => {
  test.use({ scene: 'busy' });

  test('belongs to the document, however many views it has', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/twice.ipynb`;
    writeNotebook(lab, file, [{ source: 'print("as saved")' }]);
    await openNotebook(page, file);
    await openForm(page);
    await page.getByRole('tab', { name: 'twice.ipynb', exact: true }).click();
    await execute(page, 'docmanager:clone');
    await expect(
      page.getByRole('tab', { name: 'twice.ipynb', exact: true })
    ).toHaveCount(2);
    await closeOne(page, file);
    const plans = posted(page, 'launch/plan');
    await edit(page, file, 'SECOND = 1');
    await expect.poll(() => plans.some(body => body.includes('SECOND = 1'))).toBe(true);
    await showForm(page);
    await expect(page.getByText('with unsaved edits in 1 cell.')).toBeVisible();

    // When the last view is closed at once after an edit, that is in it, too.
    await edit(page, file, 'THIRD = 1');
    await closeOne(page, file);
    await expect(page.getByText(/^The notebook is closed: /)).toBeVisible();
    await expect.poll(() => plans.some(body => body.includes('THIRD = 1'))).toBe(true);
    const launches = posted(page, 'launch/apply');
    const run = page.getByRole('button', { name: /^Run · at most/ });
    await expect(run).toBeEnabled();
    await run.click();
    await expect.poll(() => launches.length).toBe(1);
    expect(launches[0]).toContain('SECOND = 1');
    expect(launches[0]).toContain('THIRD = 1');
  });

  test('takes nothing of the server for a notebook of another drive', async ({
    page,
    lab,
    tmpPath
  }) => {
    const file = `${tmpPath}/same.ipynb`;
    writeNotebook(lab, file, [{ source: 'print("of the server")' }]);
    writeNotebook(lab, `${tmpPath}/beside.ipynb`, [{ source: '1' }]);
    await page.evaluate(async path => {
      const { contents, serverSettings } = window.jupyterapp
        .serviceManager as unknown as IServices;
      const Drive = contents._defaultDrive.constructor;
      const drive = new Drive({ name: 'Bucket', serverSettings });
      const own = await contents.get(path);
      own.content.cells[0].source = 'print("of the bucket")';
      drive.get = async () => structuredClone(own);
      drive.save = async () => ({ ...own, content: undefined });
      drive.listCheckpoints = async () => [];
      drive.createCheckpoint = async () => ({
        id: 'x',
        last_modified: own.last_modified
      });
      contents.addDrive(drive);
    }, file);
    await execute(page, 'docmanager:open', {
      path: `Bucket:${file}`,
      factory: 'Notebook'
    });
    await page.locator('.jp-Notebook .jp-Cell').first().waitFor();
    const panel = await openPanel(page);
    const run = await openForm(page);
    const plan = page.getByRole('complementary', { name: 'Plan' });
    await expect(plan).toContainText('it is on another drive, Bucket,');
    await expect(plan).not.toContainText('beside.ipynb');
    await expect(await openRequest(page)).toContainText(`Bucket:${file}`);
    await run.click();
    await page.getByRole('tab', { name: 'same.ipynb', exact: true }).click();
    const runs = panel.getByRole('list', { name: 'Runs of this notebook' });
    await expect(runs.getByRole('listitem')).toHaveCount(1);
    await execute(page, 'docmanager:open', { path: file, factory: 'Notebook' });
    await expect(
      page.getByRole('tab', { name: 'same.ipynb', exact: true })
    ).toHaveCount(2);
    await expect(runs.getByRole('listitem')).toHaveCount(0);
  });
});
