import * as fs from 'fs';
import * as path from 'path';
import { expect, test } from './fixtures';
import type { ILab } from './servers';
import type { Page } from './steps';
import { execute, python } from './steps';

declare global {
  // The browser's own name, to which a member is added.
  // eslint-disable-next-line @typescript-eslint/naming-convention
  interface Window {
    /** What has run of a notebook. */
    ran?: string[];
  }
}

/** Code that leaves a word where it runs. */
const leave = (word: string) =>
  `(top.ran = top.ran || []).push('${word}')`;

const onerror = (word: string) => `<img src="data:x" onerror="${leave(word)}">`;

const HTML = {
  script: `<script>${leave('script')}</script>`,
  onerror: onerror('onerror'),
  onload: `<svg onload="${leave('onload')}"></svg>`,
  toggle: `<details open ontoggle="${leave('toggle')}">a</details>`,
  frame: `<iframe srcdoc="<script>${leave('frame')}</script>"></iframe>`,
  link: `<iframe src="javascript:${leave('link')}"></iframe>`,
  object: `<object data="javascript:${leave('object')}"></object>`
};

const DATA: Record<string, unknown>[] = [
  ...Object.values(HTML).map(html => ({ 'text/html': html })),
  { 'application/javascript': leave('javascript') },
  { 'text/javascript': leave('text/javascript') },
  {
    'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" onload="${leave('svg')}"><script>${leave('svg script')}</script></svg>`
  },
  { 'text/markdown': Object.values(HTML).join('\n\n') },
  { 'text/latex': `$\\href{javascript:${leave('latex')}}{x}$ ${onerror('latex html')}` },
  {
    'application/vnd.vega.v5+json': {
      $schema: 'https://vega.github.io/schema/vega/v5.json',
      width: 10,
      height: 10,
      signals: [
        { name: 'a', init: `constructor.constructor("${leave('vega')}")()` },
        { name: 'b', init: `[].map.constructor("${leave('vega map')}")()` }
      ],
      data: [{ name: 'd', url: `javascript:${leave('vega url')}` }]
    }
  },
  {
    'application/vnd.jupyter.widget-view+json': { model_id: 'a', version_major: 2, version_minor: 0 },
    'text/html': onerror('widget')
  },
  { 'application/json': { [onerror('json')]: onerror('json') } },
  { 'application/vnd.custom.v1+json': { html: onerror('custom') } }
];

const WIDGET = {
  model_name: 'AnyModel',
  model_module: 'anywidget',
  model_module_version: '0.9',
  state: { _esm: `${leave('widget state')}; export default {}` }
};

/** As one would write it who may write below a run's prefix. */
function hostile(end: string): string {
  const code = (outputs: unknown[]) => ({
    cell_type: 'code',
    execution_count: 1,
    metadata: { trusted: true },
    outputs,
    source: 'pass'
  });
  const shown = (data: unknown) => ({ data, metadata: { trusted: true } });
  const html = { 'text/html': onerror('isolated') };
  return JSON.stringify({
    cells: [
      ...DATA.map(data => code([{ output_type: 'display_data', ...shown(data) }])),
      code([{ output_type: 'update_display_data', ...shown({ 'text/html': onerror('update') }) }]),
      code([{ output_type: 'display_data', data: html, metadata: { 'text/html': { isolated: true } } }]),
      code([{ output_type: 'stream', name: 'stdout', text: onerror('stream') }]),
      code([
        {
          output_type: 'error',
          ename: onerror('ename'),
          evalue: '',
          traceback: [`\u001b[31m${onerror('traceback')}`]
        }
      ]),
      { cell_type: 'raw', metadata: { trusted: true, raw_mimetype: 'text/html' }, source: onerror('raw') },
      { cell_type: 'markdown', metadata: { trusted: true }, source: Object.values(HTML).join('\n\n') },
      { cell_type: 'markdown', metadata: { trusted: true }, source: end }
    ],
    metadata: {
      trusted: true,
      signature: 'sha256:0',
      kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
      widgets: {
        'application/vnd.jupyter.widget-state+json': {
          version_major: 2,
          version_minor: 0,
          state: { a: WIDGET }
        }
      }
    },
    nbformat: 4,
    nbformat_minor: 4
  });
}

/** Leave it where a run of the scene has left its notebook; the run's name. */
function plant(lab: ILab, notebook: string): string {
  const program = `
import boto3, sys
jobs = boto3.client("sagemaker").list_processing_jobs(StatusEquals="Completed", MaxResults=100)["ProcessingJobSummaries"]
for each in jobs:
    job = boto3.client("sagemaker").describe_processing_job(ProcessingJobName=each["ProcessingJobName"])
    live = job.get("Environment", {}).get("SMEXT_LIVE")
    if live:
        bucket, _, key = live.removeprefix("s3://").partition("/")
        boto3.client("s3").put_object(Bucket=bucket, Key=key + "notebook.ipynb", Body=sys.stdin.buffer.read())
        print(job["ProcessingJobName"])
        break
`;
  return python(lab, program, notebook).trim();
}

/** What has run, once all that is on the page had the time to. */
async function ran(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    for (let round = 0; round < 3; round += 1) {
      await new Promise(resolve => {
        const image = new Image();
        image.onerror = resolve;
        image.src = 'data:x';
      });
      await new Promise(resolve => requestAnimationFrame(resolve));
    }
    return window.ran ?? [];
  });
}

async function open(page: Page, key: string, end: string): Promise<void> {
  await execute(page, 'smext:open-notebook', { kind: 'processing-job', key });
  const last = page.getByRole('heading', { name: end });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeVisible();
}

/** Draw every cell: what is out of sight may wait. */
async function seeAll(page: Page): Promise<void> {
  const cells = page.locator('.jp-Notebook .jp-Cell');
  for (let at = 0; at < (await cells.count()); at += 1) {
    await cells.nth(at).scrollIntoViewIfNeeded();
  }
}

test.describe('The notebook that a run has left', () => {
  test.use({ scene: 'busy', ownServers: true });

  test('runs nothing before it is trusted, and again not when it has changed', async ({
    page,
    lab
  }) => {
    const key = plant(lab, hostile('# The first'));
    await open(page, key, 'The first');
    await seeAll(page);
    expect(await ran(page)).toEqual([]);

    // It would have: trusting it works as ever.
    void execute(page, 'notebook:trust');
    await page.getByRole('dialog').getByRole('button', { name: 'Trust' }).click();
    await seeAll(page);
    await expect
      .poll(() => ran(page))
      .toEqual(expect.arrayContaining(['script', 'onerror', 'javascript']));
    const [file] = fs
      .readdirSync(lab.root, { recursive: true })
      .map(String)
      .filter(name => name.endsWith(`${key}.ipynb`));
    expect(file).toBeTruthy();
    await page.evaluate(() => {
      window.ran = [];
    });
    await execute(page, 'application:close-all');
    await open(page, key, 'The first');
    await seeAll(page);
    await expect.poll(() => ran(page)).toContain('script');

    // Its kernel has told its language: that is an edit, too.
    await execute(page, 'docmanager:save');
    plant(lab, hostile('# The second'));
    await page.evaluate(() => {
      window.ran = [];
    });
    await open(page, key, 'The second');
    await seeAll(page);
    expect(await ran(page)).toEqual([]);
    await execute(page, 'application:close-all');
    await open(page, key, 'The second');
    await seeAll(page);
    expect(await ran(page)).toEqual([]);
    expect(fs.readFileSync(path.join(lab.root, file), 'utf8')).toContain(
      'The second'
    );
  });
});
