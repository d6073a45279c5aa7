import { expect, test } from './fixtures';

for (const baseUrl of ['/', '/jupyterlab/default/']) {
  test.describe(`JupyterLab at ${baseUrl}`, () => {
    test.use({ baseUrl, scene: null });

    test('starts with the plugin activated', async ({ page, lab }) => {
      expect(page.url()).toContain(lab.url);
      const activated = await page.evaluate(() => {
        return window.jupyterapp.isPluginActivated('smext:plugin');
      });
      expect(activated).toBe(true);
    });
  });
}
