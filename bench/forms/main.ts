/**
 * A form of 500 fields: how long until it can be filled in, and how long one key takes. Measured in Chromium on the
 * component that the portal uses, from the call that shows the form to the frame after it, and from the key's event to
 * the end of all that follows from it before the next frame.
 */
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { PageServer } from '../../e2e/support/page-server.ts';
import { chromium as installed } from '../../playwright.config.ts';
import { median, rounded } from '../support/statistics.ts';

const FIELDS = 500;
const OPENS = 15;
const KEYS = 60;
const GOALS = { openMs: 100, keyMs: 16 };

/** Every kind of control, with labels, help, bounds and conditions, as a large form would have them. */
function largeForm(): string {
  const kinds = [
    (n: number) => `<input class="form-control" id="f${n}" name="field${n}" maxlength="40" placeholder="text">`,
    (n: number) =>
      `<input class="form-control" id="f${n}" name="field${n}" type="number" data-type="number" min="0" max="999" value="${n}">`,
    (n: number) =>
      `<select class="custom-select" id="f${n}" name="field${n}"><option>one</option><option selected>two</option><option data-options-when="field0=all">three</option></select>`,
    (n: number) => `<input type="checkbox" id="f${n}" name="field${n}" data-type="boolean">`,
    (n: number) => `<textarea class="form-control" id="f${n}" name="field${n}" rows="2"></textarea>`,
  ];
  return Array.from({ length: FIELDS }, (_, n) => {
    const control = kinds[n % kinds.length]?.(n) ?? '';
    const condition = n % 10 === 9 ? ` data-show-when="field${n - 9}!=hide"` : '';
    return `<div class="form-group"${condition}><label for="f${n}">Field ${n}</label>${control}<small class="form-text text-muted">Help</small></div>`;
  }).join('\n');
}

export async function main(): Promise<{ openMs: number; keyMs: number }> {
  const root = join(process.cwd(), 'e2e/forms');
  const server = await PageServer.start(root, 'page.html', { onSocket: (socket) => socket.close(), isolated: true });
  const browser = await chromium.launch(installed);
  try {
    const page = await browser.newPage();
    await page.goto(server.origin);
    await page.waitForFunction(() => 'forms' in window);
    const opens: number[] = await page.evaluate(measureOpening, { html: largeForm(), times: OPENS });
    const keys: number[] = await page.evaluate(measureKeys, KEYS);
    const result = { openMs: rounded(median(opens)), keyMs: rounded(median(keys)) };
    process.stdout.write(
      `a form of ${FIELDS} fields\n  opens in       ${result.openMs} ms (goal ${GOALS.openMs}; slowest of ${OPENS}: ${rounded(Math.max(...opens))})\n` +
        `  answers a key in ${result.keyMs} ms (goal ${GOALS.keyMs}; slowest of ${KEYS}: ${rounded(Math.max(...keys))})\n`,
    );
    return result;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** In the page. Derived once, since the fields come with the form. */
async function measureOpening({ html, times }: { html: string; times: number }): Promise<number[]> {
  const form = window.forms.toForm(html);
  const { frame } = window.forms;
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    window.forms.clear();
    await frame();
    await frame();
    const started = performance.now();
    window.forms.show(form);
    while (!document.querySelector('#place form div div')?.shadowRoot?.querySelector('input')) await frame();
    // Style and layout belong to opening; reading a size makes them happen now.
    document.getElementById('place')?.getBoundingClientRect();
    took.push(performance.now() - started);
  }
  return took;
}

/** In the page, after a first try to submit, when every key is followed by a check of everything. */
async function measureKeys(times: number): Promise<number[]> {
  const { frame } = window.forms;
  document.getElementById('go')?.click();
  await frame();
  const input = document.querySelector('#place form div div')?.shadowRoot?.querySelector('input');
  if (!input) throw new Error('no field');
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    await frame();
    const started = performance.now();
    input.value += 'x';
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    // Checking is asynchronous by microtasks, drawing what came of it by React's scheduler: a task of its own.
    await new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.addEventListener('message', resolve);
      channel.port1.start();
      channel.port2.postMessage(null);
    });
    document.getElementById('place')?.getBoundingClientRect();
    took.push(performance.now() - started);
  }
  return took;
}
