/**
 * What a hostile form can do: nothing. Every form of the corpus is shown, and every element of it focused, hovered and
 * clicked, on a page without a Content-Security-Policy, so that the sanitiser stands alone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { contentSecurityPolicy, TRUSTED_TYPES } from '../server/http/security-headers.ts';
import { ALLOWED_ELEMENTS, isAllowedAttribute, NAME_PREFIX } from '../src/forms/fields/allow-list.ts';
import { isAllowedClass, splitClasses } from '../src/forms/fields/classes.ts';
import { CORPUS, TELLING } from './forms/corpus.ts';
import { accessible } from './support/page-checks.ts';
import { PageServer } from './support/page-server.ts';

/** Forms that others have written against sanitisers. */
function fixtures(name: string): string[] {
  const file = join(import.meta.dirname, '../test/fixtures', name, 'payloads.json');
  const list: { payload: string }[] = JSON.parse(readFileSync(file, 'utf8'));
  return list.map(({ payload }) => payload);
}

let server: PageServer;
test.beforeAll(async () => {
  server = await PageServer.start(join(import.meta.dirname, 'forms'), 'page.html', {
    onSocket: (socket) => socket.close(),
  });
});
test.afterAll(() => server.stop());

/** What happened to the page that should not have. */
interface Traces {
  readonly requests: string[];
  readonly navigations: string[];
}

async function open(page: Page, policy?: string): Promise<Traces> {
  const traces: Traces = { requests: [], navigations: [] };
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (!url.startsWith(server.origin)) {
      traces.requests.push(url);
      await route.abort();
      return;
    }
    const response = await route.fetch();
    const headers = response.headers();
    await route.fulfill({
      response,
      headers: policy === undefined ? headers : { ...headers, 'content-security-policy': policy },
    });
  });
  await page.goto(server.origin);
  await page.waitForFunction(() => 'forms' in window);
  page.on('request', (request) => {
    if (!request.url().startsWith('blob:')) traces.requests.push(request.url());
  });
  page.on('framenavigated', (frame) => traces.navigations.push(frame.url()));
  page.on('popup', (popup) => traces.navigations.push(popup.url()));
  return traces;
}

interface Seen {
  readonly elements: { tag: string; attributes: [string, string][] }[];
  readonly complaints: string[];
}

/** Shows one form in the page, touches everything in it, and tells what is in it and what changed around it. */
async function provoke({ html, raw }: { html: string; raw: boolean }): Promise<Seen> {
  const complaints: string[] = [];
  window.alert = () => {
    complaints.push('a script ran');
    document.documentElement.dataset['ran'] = html;
  };
  const outside = document.getElementById('outside');
  const terminate = document.getElementById('terminate');
  const place = document.getElementById('place');
  if (!outside || !terminate || !place) throw new Error('the page is not itself');
  const pressed = (): void => void complaints.push('a button of the page was pressed');
  terminate.addEventListener('click', pressed);
  const before = outside.innerHTML;
  const globals = Object.keys(window).length;
  const rect = terminate.getBoundingClientRect();
  const at = (): Element | null => document.elementFromPoint(rect.x + rect.width / 2, rect.y + rect.height / 2);
  const scroll = document.scrollingElement;
  const wide = scroll?.scrollWidth;

  let root: ParentNode;
  if (raw) {
    place.innerHTML = html;
    root = place;
  } else {
    root = window.forms.mount(html);
  }
  const elements = [...root.querySelectorAll<HTMLElement>('*')].filter((one) => !one.classList.contains('form-body'));
  const described = elements.map((element) => ({
    tag: element.localName,
    attributes: [...element.attributes].map(({ name, value }): [string, string] => [name, value]),
  }));
  for (const element of elements) {
    element.focus?.();
    element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true, composed: true }));
    element.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }));
    element.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true }));
    element.click?.();
  }
  if (raw) {
    // Errors of pictures, and what else comes late; some never come.
    const late = elements.filter((one) => one.matches('img, image, input, video, audio, object, embed, iframe, link'));
    const came = late.map(
      (one) => new Promise((resolve) => ['load', 'error'].forEach((name) => one.addEventListener(name, resolve))),
    );
    await Promise.race([Promise.all(came), new Promise((resolve) => setTimeout(resolve, 250))]);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  if (at() !== terminate) complaints.push(`over the button lies ${at()?.localName ?? 'nothing'}`);
  for (const one of document.querySelectorAll('header button, header input, footer button')) {
    // What comes after the form may have moved, but nothing may lie over it.
    const { x, y, width, height } = one.getBoundingClientRect();
    if (y + height > innerHeight) continue;
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    if (top !== one) complaints.push(`over ${one.id} lies ${top?.localName ?? 'nothing'}`);
  }
  if (document.activeElement instanceof HTMLElement && outside.contains(document.activeElement)) {
    complaints.push('the focus went to the page around');
  }
  if (outside.innerHTML !== before) complaints.push('the page around changed');
  if (Object.keys(window).length !== globals) complaints.push('globals changed');
  if (document.querySelector('dialog[open], :popover-open')) complaints.push('a dialog or menu was opened');
  if (scroll?.scrollWidth !== wide) complaints.push('the page became wider');
  if (!raw) {
    const once = window.forms.clean(html);
    const holder = document.createElement('template');
    holder.innerHTML = once;
    if (holder.innerHTML !== once) complaints.push('a second parse gives another tree');
    if (window.forms.clean(once.replaceAll('user-content-', '')) === '' && once !== '') complaints.push('not stable');
    window.forms.clear();
  } else {
    place.replaceChildren();
  }
  for (const open of document.querySelectorAll('dialog[open]')) if (open instanceof HTMLDialogElement) open.close();
  terminate.removeEventListener('click', pressed);
  return { elements: described, complaints };
}

/** Forms that are shown one after the other for one question to the browser, which costs more than a form. */
const AT_ONCE = 20;

async function provokeAll(page: Page, forms: readonly string[]): Promise<Seen[]> {
  const all = `(async () => {
    const provoke = ${provoke.toString()};
    const seen = [];
    for (const html of ${JSON.stringify(forms)}) seen.push(await provoke({ html, raw: false }));
    return seen;
  })()`;
  return page.evaluate<Seen[]>(all);
}

/** What the form put on the page beyond the list. */
function beyondTheList({ tag, attributes }: Seen['elements'][number]): string[] {
  if (!ALLOWED_ELEMENTS.includes(tag)) return [`<${tag}>`];
  return attributes.flatMap(([name, value]) => {
    // Ours: told to screen readers, tied to labels, and set by conditions.
    if (name === 'class') {
      const own = ['is-required', 'is-invalid', 'form-problem', 'form-source'];
      return splitClasses(value).filter((one) => !own.includes(one) && !isAllowedClass(tag, one));
    }
    if (name === 'id') return value.startsWith(NAME_PREFIX) || value.startsWith('control-') ? [] : [`id=${value}`];
    if (name === 'name') return value.startsWith(NAME_PREFIX) ? [] : [`name=${value}`];
    // Conditions hide by it.
    if (name === 'hidden') return value === '' ? [] : [`hidden=${value}`];
    if (name === 'value' && tag === 'input') return ['value'];
    return isAllowedAttribute(tag, name, value) ? [] : [`${name}=${value}`];
  });
}

const CORPORA = [
  ['our own corpus', CORPUS],
  ['DOMPurify’s fixtures', fixtures('dompurify')],
] as const;

for (const [name, corpus] of CORPORA)
  test(`nothing in ${name} runs, loads, leads away, or touches anything outside @firefox`, async ({ page }) => {
    test.setTimeout(180_000);
    const traces = await open(page);
    const failures: string[] = [];
    for (let at = 0; at < corpus.length; at += AT_ONCE) {
      const some = corpus.slice(at, at + AT_ONCE);
      for (const [index, seen] of (await provokeAll(page, some)).entries()) {
        const wrong = [...seen.complaints, ...seen.elements.flatMap(beyondTheList)];
        if (wrong.length > 0) failures.push(`${some[index]?.slice(0, 120)}\n    ${wrong.join(', ')}`);
      }
      const went = [...traces.requests.splice(0), ...traces.navigations.splice(0)];
      if (went.length > 0)
        failures.push(`one of ${some.map((html) => html.slice(0, 120)).join('\n')}\n    ${went.join(', ')}`);
    }
    // Whatever was still on its way.
    await page.waitForTimeout(500);
    expect(failures).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.dataset['ran'])).toBeUndefined();
    expect(traces).toEqual({ requests: [], navigations: [] });
    expect(corpus.length).toBeGreaterThan(150);
  });

test('the same forms unsanitised do run, load and lie over the page: the test sees what it looks for', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const traces = await open(page);
  let ran = 0;
  let covered = 0;
  for (const html of TELLING) {
    const seen = await page.evaluate(provoke, { html, raw: true }).catch(() => undefined);
    if (seen?.complaints.includes('a script ran')) ran++;
    if (seen?.complaints.some((one) => one.startsWith('over the button'))) covered++;
    if (!seen || traces.navigations.length > 0) {
      traces.navigations.length = 0;
      await page.goto(server.origin);
      await page.waitForFunction(() => 'forms' in window);
    }
  }
  expect(ran).toBeGreaterThan(12);
  expect(covered).toBeGreaterThan(0);
  expect(traces.requests.filter((url) => url.includes('evil.example')).length).toBeGreaterThan(5);
});

test('forms work under the server’s own policy with Trusted Types enforced @firefox', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  const policy = contentSecurityPolicy(new URL(server.origin).host, 'none', []);
  await open(page, `${policy}; ${TRUSTED_TYPES.portal}`);
  await page.evaluate(() =>
    window.forms.show(
      `<div class=”form-group”><label>Cores</label><input class=”form-control” name=”cores” type=”number” data-type=”number” min=1 required></div>
       <div class="custom-control custom-checkbox"><input type=checkbox class=custom-control-input id=g name=gpu data-type=boolean><label class=custom-control-label for=g>GPU</label></div>
       <label><input type=radio name=queue value=short> Short</label><label><input type=radio name=queue value=long checked> Long</label>
       <select name=size aria-label=Size><option>s</option><option selected>m</option></select>
       <div data-show-when="gpu=true"><label>Cards <input name=cards class=form-control></label></div>`,
    ),
  );
  await page.getByRole('button', { name: 'Go' }).click();
  await expect(page.getByLabel('Cores')).toBeFocused();
  await expect(page.getByLabel('Cores')).toHaveAccessibleDescription('Please fill this in.');
  await expect(page.getByLabel('Cores')).toHaveCSS('border-top-left-radius', '6px');
  await page.getByLabel('Cores').fill('4');
  await expect(page.getByLabel('Cards')).toBeHidden();
  await page.getByLabel('GPU').check();
  await page.getByLabel('Cards').fill('2');
  await page.getByLabel('Cards').press('Enter');
  await expect
    .poll(() => page.evaluate(() => window.forms.submitted))
    .toEqual([{ cores: 4, gpu: true, queue: 'long', size: 'm', cards: '2' }]);
  expect(problems).toEqual([]);
});

for (const theme of ['light', 'dark']) {
  test(`a form is accessible in ${theme} colours, complaints included`, async ({ page }) => {
    await open(page);
    await page.evaluate((name) => {
      document.documentElement.dataset['bsTheme'] = name;
      window.forms.show(
        `<h2>Resources</h2><div class="form-group"><label>Project</label><input class="form-control" name="project" required><small class="form-text text-muted">As in the books</small></div>
         <fieldset><legend>Queue</legend><div class="form-check"><input class="form-check-input" type="radio" name="q" id="a" value="a" required><label class="form-check-label" for="a">A</label></div></fieldset>
         <div class="input-group"><div class="input-group-prepend"><span class="input-group-text">at most</span></div><input class="form-control" name="hours" aria-label="Hours" type="email" value="x"></div>
         <div class="custom-control custom-switch"><input class="custom-control-input" type="checkbox" id="m" name="mail"><label class="custom-control-label" for="m">Mail</label></div>
         <input name="bare"><select class="custom-select" name="size"><option>s</option></select>`,
      );
    }, theme);
    await page.getByRole('button', { name: 'Go' }).click();
    await expect(page.getByLabel('Project')).toBeFocused();
    await accessible(page, '#place');
  });
}
