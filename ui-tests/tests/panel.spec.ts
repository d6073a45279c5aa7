import { expect, test } from './fixtures';
import { openPanel, panelOf, rowOf } from './steps';

test.describe('The panel, on an account that is lived in', () => {
  test.use({ scene: 'busy' });

  test('says where this is, as whom, and what bills', async ({ page }) => {
    const panel = await openPanel(page);
    await expect(panel).toContainText('1234-5678-9012 · us-east-1');
    await expect(panel).toContainText('Studio space maria-lab');
    await expect(panel).toContainText('local sandbox (free)');
    const money = panel.getByRole('group', { name: 'Billing' });
    await expect(money).toContainText(/\$\d+\.\d\d\/h/);
    await expect(money).toContainText(/billing now, \d+ things/);
    const rate = await money.getByText(/\$\d+\.\d\d\/h/).innerText();
    const status = page.getByRole('button', { name: /^SageMaker: .* billing now/ });
    await expect(status).toContainText(/\$\d+\.\d\d\/h · \d+/);
    expect(rate).toMatch(/\$\d+\.\d\d\/h/);
  });

  test('opens from the status bar and from the command palette', async ({
    page
  }) => {
    await expect(panelOf(page)).toBeHidden();
    await page.getByRole('button', { name: /^SageMaker: / }).click();
    await expect(panelOf(page)).toBeVisible();
    await page.sidebar.openTab('filebrowser');
    await expect(panelOf(page)).toBeHidden();
    await page.keyboard.press('Control+Shift+C');
    await page.keyboard.type('Show what runs and bills');
    await page.keyboard.press('Enter');
    await expect(panelOf(page)).toBeVisible();
  });

  test('lists what bills, dearest first', async ({ page }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    await expect(rowOf(list, 'summarizer-demo')).toContainText('$1.52/h');
    await expect(rowOf(list, 'maria-lab')).toContainText('you are here');
    const rates = (await list.getByText(/^\$[\d.]+\/h$/).allInnerTexts()).map(
      text => Number(text.slice(1, -2))
    );
    expect(rates.length).toBeGreaterThan(5);
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });

  test('says of a rate where it comes from, and in which of three grades it bills', async ({
    page
  }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    const rate = rowOf(list, 'summarizer-demo').getByText('$1.52/h');
    await expect(rate).toHaveAttribute(
      'title',
      /^Price: .+, as of \d{4}-\d\d/m
    );
    const grade = rowOf(list, 'toxicity-gpu').getByText('may be billing');
    await expect(grade).toHaveAttribute('title', /AWS does not say/);
    await panel.getByRole('button', { name: /^Notebook instances/ }).click();
    const stored = rowOf(
      panel.getByRole('list', { name: 'Notebook instances' }),
      'old-fraud-study'
    );
    await expect(stored).toContainText('storage only');
    // Its size is known when what bills more has been read.
    await expect(stored.getByText('$28.00/month')).toHaveAttribute(
      'title',
      /as of \d{4}/,
      { timeout: 60000 }
    );
  });

  test('has a section for every kind, which folds', async ({ page }) => {
    const panel = await openPanel(page);
    const header = panel.getByRole('button', { name: /^Training jobs/ });
    await expect(header).toContainText(/\d+ active · \d+/);
    await expect(header).toHaveAttribute('aria-expanded', 'false');
    await header.click();
    const list = panel.getByRole('list', { name: 'Training jobs' });
    const failed = rowOf(list, 'segmentation-unet-12');
    await expect(failed.getByRole('img', { name: 'Failed' })).toBeVisible();
    await expect(failed).toContainText('CUDA out of memory');
    await header.click();
    await expect(list).toBeHidden();
  });

  test('can be walked through with the keyboard', async ({ page }) => {
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: /^Endpoints/ }).click();
    const names = panel
      .getByRole('list', { name: 'Endpoints' })
      .locator('.smext-Row-name');
    await names.first().focus();
    await page.keyboard.press('ArrowDown');
    await expect(names.nth(1)).toBeFocused();
    const row = panel.getByRole('list', { name: 'Endpoints' });
    await page.keyboard.press('Tab');
    await expect(
      row.getByRole('listitem').nth(1).getByRole('button', { name: /^Delete/ })
    ).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    const name = await names.nth(1).innerText();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name })).toBeVisible();
  });

  test('cuts nothing off at its narrowest', async ({ page }) => {
    const panel = await openPanel(page);
    for (const kind of ['Training jobs', 'Studio spaces and apps']) {
      await panel.getByRole('button', { name: kind }).click();
    }
    await expect(panel.locator('.smext-Row').nth(10)).toBeVisible();
    const wide = await panel.evaluate(node => ({
      width: node.clientWidth,
      out: [...node.querySelectorAll<HTMLElement>('*')].filter(
        each =>
          each.getBoundingClientRect().right >
            node.getBoundingClientRect().right + 1 &&
          each.offsetParent !== null
      ).length,
      untold: [...node.querySelectorAll<HTMLElement>('span, button')].filter(
        each =>
          each.scrollWidth > each.clientWidth + 1 &&
          getComputedStyle(each).textOverflow === 'ellipsis' &&
          !each.closest('[title]')
      ).length
    }));
    expect(wide).toEqual({ width: 280, out: 0, untold: 0 });
  });

  test('keeps its rows where they are when actions appear', async ({
    page
  }) => {
    const panel = await openPanel(page);
    const row = rowOf(
      panel.getByRole('list', { name: 'Billing now' }),
      'ranker-prod'
    );
    await row.scrollIntoViewIfNeeded();
    const before = await row.boundingBox();
    await row.hover();
    await expect(
      row.getByRole('button', { name: 'Delete ranker-prod' })
    ).toBeVisible();
    expect(await row.boundingBox()).toEqual(before);
  });
});

test.describe('The panel, on an account with thousands of jobs', () => {
  test.use({ scene: 'many' });

  test('draws only the rows that are seen, and finds the others', async ({
    page
  }) => {
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: /^Training jobs/ }).click();
    const list = panel.getByRole('list', { name: 'Training jobs' });
    await expect(list.getByRole('listitem').first()).toHaveAttribute(
      'aria-setsize',
      /\d{3,}/
    );
    expect(await list.getByRole('listitem').count()).toBeLessThan(60);
    await panel
      .getByRole('searchbox', { name: 'Filter Training jobs' })
      .fill('05977');
    await expect(list.getByRole('listitem')).toHaveCount(1);
    await expect(panel).toContainText('Left out: older ones.');
  });
});

test.describe('The panel, on an empty account', () => {
  test.use({ scene: 'empty' });

  test('says that nothing bills', async ({ page }) => {
    const panel = await openPanel(page);
    await expect(panel.getByRole('group', { name: 'Billing' })).toContainText(
      '$0.00/h'
    );
    await expect(panel).toContainText('Nothing bills by the hour now.');
  });
});
