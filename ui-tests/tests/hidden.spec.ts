import { expect, test } from './fixtures';
import type { Page } from './steps';
import { openPanel, rowOf } from './steps';

/** As if another tab, or none, were in front. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(away => {
    Object.defineProperty(document, 'hidden', {
      configurable: true,
      get: () => away
    });
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (away ? 'hidden' : 'visible')
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** The routes of ours that the page asks for from now on. */
function asked(page: Page): string[] {
  const routes: string[] = [];
  page.on('request', request => {
    const url = new URL(request.url());
    const route = /\/smext\/(?!.*\.js)(.*)$/.exec(url.pathname)?.[1];
    if (route && !/^(static|schemas)/.test(route)) {
      routes.push(route + url.search);
    }
  });
  return routes;
}

/** The server says that something changed, as it does by itself. */
async function say(page: Page, part: object): Promise<void> {
  await page.evaluate(async given => {
    const { events } = window.jupyterapp.serviceManager;
    const seen = new Promise<void>(resolve => {
      const slot = (_: unknown, event: { schema_id: string }) => {
        if (event.schema_id.includes('smext')) {
          events.stream.disconnect(slot);
          resolve();
        }
      };
      events.stream.connect(slot);
    });
    const answer = await fetch(
      `${window.jupyterapp.serviceManager.serverSettings.baseUrl}smext/context`
    );
    const { target } = await answer.json();
    const data = { target: target.id, kinds: [], revision: 0, ...given };
    const schema_id = 'https://smext.dev/events/changed/v1';
    await events.emit({ schema_id, version: '1', data: data as never });
    await seen;
  }, part);
}

test.describe('A page that nobody looks at', () => {
  test.use({ scene: 'busy', warnings: true, ownServers: true });

  test('asks for nothing, whatever changes', async ({ page, lab }) => {
    const panel = await openPanel(page);
    const list = panel.getByRole('list', { name: 'Billing now' });
    await expect(rowOf(list, 'summarizer-demo')).toBeVisible();
    await expect(panel).not.toContainText('Still reading');
    await hide(page, true);
    await page.waitForLoadState('networkidle');
    const routes = asked(page);
    await lab.control({ advance: 60 });
    await say(page, { revision: 2 ** 40 });
    await page.waitForTimeout(200);
    expect(routes.filter(route => route !== 'context')).toEqual([]);
    await hide(page, false);
    await expect
      .poll(() => routes.some(route => route.startsWith('tables')))
      .toBe(true);
  });

  test('asks once when the server warns, and keeps what it says until it is seen', async ({
    page
  }) => {
    await page.evaluate(() => {
      const said: string[] = [];
      class Native {
        static permission = 'granted';
        onclick: (() => void) | null = null;
        constructor(title: string) {
          said.push(title);
        }
        close(): void {
          // nothing to close
        }
      }
      Object.assign(window, { Notification: Native, said });
    });
    const toast = page
      .locator('.Toastify__toast')
      .filter({ hasText: 'summarizer-demo' });
    await expect(toast).toBeVisible({ timeout: 60000 });
    await toast.getByRole('button', { name: 'Hide notification' }).click();
    await expect(toast).toHaveCount(0);
    // A change in the settings is a reason to look.
    const looked = page.waitForResponse(/smext\/warnings/);
    await page.evaluate(async () => {
      const registry = await window.galata.getPlugin(
        '@jupyterlab/apputils-extension:settings'
      );
      const settings = await registry!.load('smext:plugin');
      await settings.set('desktopNotifications', true);
    });
    await looked;
    await hide(page, true);
    await page.waitForLoadState('networkidle');
    // As if all that were new.
    await page.evaluate(() => localStorage.clear());
    const routes = asked(page);
    await say(page, { warned: true });
    await expect(toast).toBeVisible();
    await expect(page).toHaveTitle(/^⚠ /);
    const own = routes.filter(route => route !== 'context');
    expect(own).toHaveLength(1);
    expect(own[0]).toMatch(/^warnings\?.*peek=1/);
    const said = await page.evaluate(
      () => (window as unknown as { said: string[] }).said
    );
    expect(said.join('\n')).toContain('summarizer-demo');
    await hide(page, false);
    await expect(page).not.toHaveTitle(/^⚠ /);
    await expect(toast).toBeVisible();
  });
});
