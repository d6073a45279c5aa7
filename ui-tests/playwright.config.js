const galata = require('@jupyterlab/galata/lib/playwright-config');

// Without the last three, a Chromium in a closed network spends its start on requests of its own.
const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
];

module.exports = {
  ...galata,
  testDir: 'tests',
  outputDir: 'test-results',
  reporter: [['list']],
  // Every worker starts a JupyterLab and a sandbox of its own.
  workers: Number(process.env.SMEXT_UI_WORKERS || 1),
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // A busy machine takes several times as long as a quiet one.
  timeout: 300000,
  expect: { timeout: 60000, toHaveScreenshot: { maxDiffPixelRatio: 0.02 } },
  use: {
    viewport: { width: 1024, height: 768 },
    video: 'off', // needs a codec that no system package brings
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.SMEXT_CHROMIUM || '/usr/bin/chromium',
      args: chromiumArguments
    }
  }
};
