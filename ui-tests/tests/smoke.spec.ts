import { expect, test } from './fixtures';

for (const baseUrl of ['/', '/jupyterlab/default/']) {
  test.describe(`JupyterLab at ${baseUrl}`, () => {
    test.use({ baseUrl, scene: 'busy' });

    test('starts with the plugin activated', async ({ page, lab }) => {
      expect(page.url()).toContain(lab.url);
      const activated = await page.evaluate(() =>
        window.jupyterapp.isPluginActivated('smext:plugin')
      );
      expect(activated).toBe(true);
    });

    test('has a server half that answers', async ({ request, lab }) => {
      const kinds = await request.get(`${lab.url}/smext/kinds`);
      expect(kinds.ok()).toBe(true);
      expect(await kinds.json()).not.toEqual([]);
    });
  });
}
