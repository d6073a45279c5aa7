import { galata as jupyterlab, test as galata } from '@jupyterlab/galata';
import type { APIRequestContext } from '@playwright/test';
import { ILab, IServerOptions, ServerPair, ServerPool } from './servers';

export { expect } from '@jupyterlab/galata';

interface ITestFixtures extends IServerOptions {
  /** Servers of this test's own, for a test that leaves the account changed for others. */
  ownServers: boolean;
  /** Whether there are warnings, which lie over what other tests look at. */
  warnings: boolean;
  /** The servers that the page of this test stands on. */
  lab: ILab;
}

/**
 * Galata's `test`, on an account of the sandbox:
 * `test.use({ scene: 'busy', mode: 'exec', baseUrl: '/jupyterlab/default/' })`.
 *
 * Tests with the same options share their servers within a worker.
 */
export const test = galata.extend<ITestFixtures, { serverPool: ServerPool }>({
  scene: ['busy', { option: true }],
  mode: ['timeline', { option: true }],
  baseUrl: ['/', { option: true }],
  guarded: [false, { option: true }],
  ownServers: [false, { option: true }],
  warnings: [false, { option: true }],

  serverPool: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
    async ({}, use) => {
      const pool = new ServerPool();
      await use(pool);
      await pool.close();
    },
    { scope: 'worker' }
  ],

  lab: async (
    { scene, mode, baseUrl, guarded, ownServers, serverPool },
    use,
    testInfo
  ) => {
    const options = { scene, mode, baseUrl, guarded };
    const own = ownServers ? await ServerPair.start(options) : null;
    const lab = own ?? (await serverPool.get(options));
    await use(lab);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('servers.log', { body: lab.log() });
    }
    await own?.stop();
  },

  mockSettings: async ({ warnings }, use) => {
    const settings = { 'smext:plugin': { warnings } };
    await use({ ...jupyterlab.DEFAULT_SETTINGS, ...settings });
  },

  // As Galata's, with the patience that a busy machine needs.
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the pattern
  waitForApplication: async ({}, use) => {
    await use(async (page, helpers) => {
      await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
      const started = () => helpers.activity.isTabActive('Launcher');
      await helpers.waitForCondition(started, 60000);
    });
  },

  baseURL: async ({ lab }, use) => {
    await use(lab.url);
  },

  request: async ({ request, baseUrl }, use) => {
    await use(under(baseUrl, request));
  },

  context: async ({ context, baseUrl }, use) => {
    under(baseUrl, context.request);
    await use(context);
  }
});

/** Galata asks for `/api/...` at the host's root, wherever Jupyter lies. */
function under(baseUrl: string, request: APIRequestContext): APIRequestContext {
  const fetch = request.fetch.bind(request);
  request.fetch = (url, options) =>
    typeof url === 'string' && url.startsWith('/api/')
      ? fetch(baseUrl.slice(0, -1) + url, options)
      : fetch(url, options);
  return request;
}
