import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import type { ILab } from './servers';
import { PYTHON } from './servers';

/** What a person does again and again, and where he looks. */

export type Page = IJupyterLabPageFixture;

export interface ICode {
  source: string;
  tags?: string[];
}

export function panelOf(page: Page): Locator {
  return page.getByRole('region', { name: 'SageMaker' });
}

export async function openPanel(page: Page): Promise<Locator> {
  await page.sidebar.openTab('smext-panel');
  const panel = panelOf(page);
  await expect(panel).toBeVisible();
  return panel;
}

/** The row of a list that is named so. */
export function rowOf(list: Locator, name: string | RegExp): Locator {
  return list.getByRole('listitem').filter({ hasText: name }).first();
}

/** A notebook's file, with no outputs, for the kernel that every Python has. */
export function writeNotebook(
  lab: ILab,
  contentsPath: string,
  cells: readonly ICode[]
): void {
  const file = path.join(lab.root, contentsPath);
  const content = {
    cells: cells.map(({ source, tags }, index) => ({
      cell_type: 'code',
      execution_count: null,
      id: `cell-${index}`,
      metadata: tags ? { tags } : {},
      outputs: [],
      source
    })),
    metadata: {
      kernelspec: {
        display_name: 'Python 3 (ipykernel)',
        language: 'python',
        name: 'python3'
      },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(content));
}

export async function openNotebook(
  page: Page,
  contentsPath: string
): Promise<void> {
  await page.evaluate(
    async given => {
      const args = { path: given };
      await window.jupyterapp.commands.execute('docmanager:open', args);
    },
    contentsPath
  );
  await expect(
    page.getByRole('tab', { name: path.basename(contentsPath) })
  ).toBeVisible();
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor();
}

/** The form's tab, when its plan says that it can be run. */
export async function openForm(page: Page): Promise<Locator> {
  const run = page.getByRole('button', { name: /^Run · at most/ });
  await page
    .getByRole('button', { name: 'Run this notebook on SageMaker…' })
    .first()
    .click();
  await expect(run).toBeEnabled();
  return run;
}

/** A section of the form, opened. */
export async function openSection(page: Page, name: string): Promise<Locator> {
  const section = page
    .getByRole('form', { name: 'What to run' })
    .locator('details', { has: page.locator('summary', { hasText: name }) });
  await section.locator('summary').first().click();
  return section;
}

/** The request of the plan, as it is shown. */
export async function openRequest(page: Page): Promise<Locator> {
  const plan = page.getByRole('complementary', { name: 'Plan' });
  await plan.getByText(/^The request: /).click();
  return plan.locator('details', { hasText: 'The request' }).locator('pre');
}

/** What a Python program prints that has boto3 and the account of the servers. */
export function python(lab: ILab, program: string, input = ''): string {
  const env = { ...process.env, ...lab.accountEnv };
  return execFileSync(PYTHON, ['-c', program], { env, input }).toString();
}

/** Run a command of JupyterLab, as a menu does. */
export async function execute(
  page: Page,
  command: string,
  args: Record<string, string> = {}
): Promise<void> {
  await page.evaluate(
    async ({ id, given }) => {
      await window.jupyterapp.commands.execute(id, given);
    },
    { id: command, given: args }
  );
}
