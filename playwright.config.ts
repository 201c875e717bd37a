import { defineConfig } from '@playwright/test';

/** Debian's own Chromium; nothing is downloaded. */
export const chromium = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
  ],
};

/** Debian's own Firefox, over WebDriver BiDi: Playwright's usual one is a patched build that has to be downloaded. */
export const firefox = { channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr' };

export default defineConfig({
  testDir: 'e2e',
  // One for each of two cores: a flow mostly waits, for an X server, a browser or a person's pause.
  workers: 2,
  timeout: 60_000,
  forbidOnly: true,
  // On a busy machine a flow may meet one slow moment; it is reported as flaky, and a second failure counts.
  retries: process.env['CI'] ? 1 : 0,
  reporter: 'list',
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
  },
  projects: [
    { name: 'chromium', use: { browserName: 'chromium', launchOptions: chromium } },
    // What does not depend on one browser's workings, and matters in every one.
    {
      name: 'firefox',
      grep: /@firefox/,
      use: {
        browserName: 'firefox',
        launchOptions: firefox,
        // Firefox takes a trace's pictures of a canvas that a worker draws on by stopping the page, for up to 10 s.
        trace: { mode: 'retain-on-failure', screenshots: false },
      },
    },
  ],
});
