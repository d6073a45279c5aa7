import { expect, test } from './fixtures';
import { openPanel, rowOf } from './steps';

test.describe('All or mine', () => {
  test.use({ scene: 'busy' });

  test('shows what surely is mine, and never as if it were all', async ({
    page
  }) => {
    const panel = await openPanel(page);
    const money = panel.getByRole('group', { name: 'Billing' });
    const list = panel.getByRole('list', { name: 'Billing now' });
    await expect(rowOf(list, 'jonas-gpu')).toBeVisible();
    await expect(panel).not.toContainText('Still reading');
    const all = await list.getByRole('listitem').count();
    const choice = panel.getByRole('radiogroup', {
      name: 'Whose things are shown'
    });
    await expect(
      choice.getByRole('radio', { name: `All ${all}` })
    ).toBeChecked();
    const whole = await money.getByText(/^\$[\d.]+\/h$|\$[\d.]+\/h/).innerText();

    await choice.getByRole('radio', { name: /^Mine/ }).check();
    await expect(rowOf(list, 'jonas-gpu')).toHaveCount(0);
    await expect(rowOf(list, 'maria-lab')).toContainText('you are here');
    await expect(money).toContainText(/yours:.*\$[\d.]+\/h/);
    await expect(money).toContainText(
      `of ${whole.replace(/\s+/g, ' ')} in the account`
    );
    await expect(money).toContainText(
      /\d+ are not shown: nobody knows whose they are/
    );
    await expect(
      panel.getByRole('button', { name: /^Studio spaces/ })
    ).toContainText(/\d of \d/);
  });

  test('is remembered, and holds for the tables too', async ({ page }) => {
    const panel = await openPanel(page);
    const spaces = panel.getByRole('button', { name: /^Studio spaces/ });
    await expect(spaces).toContainText(/\d+ active/);
    const kept = page.waitForResponse(
      response =>
        response.url().includes('/api/workspaces') &&
        response.request().method() === 'PUT'
    );
    await panel.getByRole('radio', { name: /^Mine/ }).check();
    await kept;
    await page.reload();
    await openPanel(page);
    await expect(panel.getByRole('radio', { name: /^Mine/ })).toBeChecked();
    await spaces.click();
    await panel
      .getByRole('button', { name: 'Show Studio spaces and apps as a table' })
      .click();
    const table = page.getByRole('table', { name: 'Studio spaces and apps' });
    await expect(table.getByRole('row', { name: /maria-lab/ })).toBeVisible();
    await expect(table.getByRole('row', { name: /jonas-gpu/ })).toHaveCount(0);
    const tab = page.locator('.smext-GridTab');
    await tab.getByRole('radio', { name: /^All/ }).check();
    await expect(table.getByRole('row', { name: /jonas-gpu/ })).toBeVisible();
  });

  test('keeps the columns of a table under one another', async ({ page }) => {
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: /^Endpoints/ }).click();
    await panel
      .getByRole('button', { name: 'Show Endpoints as a table' })
      .click();
    const table = page.getByRole('table', { name: 'Endpoints' });
    await expect(table.getByRole('row')).not.toHaveCount(1);
    const lefts = await table.evaluate(node =>
      [...node.querySelectorAll('[role=row]')].map(row =>
        [...row.children].map(cell => cell.getBoundingClientRect().left)
      )
    );
    lefts.forEach(row => expect(row).toEqual(lefts[0]));
  });
});
