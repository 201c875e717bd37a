/** Both clipboards to see and to fill by hand, for browsers that do not carry them by themselves. */
import { button, h } from '../dom.ts';
import { type LocalContent, ofTransfer } from './clipboard-transfer.ts';
import type { ClipboardSync } from './clipboard-sync.ts';
import { PANEL_WORDS } from './clipboard-panel-words.ts';
import './clipboard.css';

/** Characters shown; the whole is copied. Laying out 16 MiB stops the page. */
const MAX_SHOWN = 100_000;

/** For one opening. Listens to `sync` until it is given another `onChange`. */
export function clipboardPanel(sync: ClipboardSync): HTMLElement {
  const words = PANEL_WORDS[sync.language];
  const { ask } = sync.words;
  const status = h('p', { class: 'clip-status', attributes: { role: 'status' } });
  const say = (message: string) => (status.textContent = message);
  const out = fromSession(sync, say);
  const hint = h('p', { class: 'clip-hint' });
  const allow = button({ class: 'button', text: sync.words.allow, onClick: () => void sync.allow() });
  const panel = h('div', { class: 'clip' });
  if (sync.out) panel.append(...out.elements);
  if (sync.into) panel.append(...toSession(sync, say));
  panel.append(status);
  if (sync.out) {
    panel.append(
      checkbox(words.selected, sync.selected, (on) => (sync.selected = on)),
      ...(sync.into ? [] : [h('p', { class: 'clip-hint', text: words.onlyOut })]),
    );
  } else panel.append(h('p', { class: 'clip-hint', text: words.onlyIn }));
  panel.append(
    checkbox(words.automatic, sync.automatic, (on) => (sync.automatic = on)),
    hint,
    allow,
  );

  function show(): void {
    out.show();
    const { permission } = sync;
    allow.hidden = !sync.into || permission !== 'prompt';
    hint.hidden = !sync.into || permission === 'granted';
    hint.textContent = permission === 'prompt' ? ask : permission === 'denied' ? words.denied : words.byKey;
    if (sync.waiting) say(words.waiting);
  }
  sync.onChange = show;
  show();
  void sync.fetch(true);
  return panel;
}

function fromSession(sync: ClipboardSync, say: (message: string) => void) {
  const words = PANEL_WORDS[sync.language];
  const text = h('textarea', {
    class: 'clip-text',
    attributes: { readonly: '', rows: '4', 'aria-label': words.fromSession, spellcheck: 'false', dir: 'auto' },
  });
  const image = h('img', { class: 'clip-image', attributes: { alt: words.image } });
  const nothing = h('p', { class: 'clip-hint', text: words.nothingCopied });
  const copy = button({ class: 'button primary', text: words.copyHere, onClick: () => void onCopy() });
  let shown: LocalContent | undefined;
  let url = '';

  async function onCopy(): Promise<void> {
    say((await sync.copyHere()) ? words.copied : words.notCopied);
  }
  function show(): void {
    const { copied } = sync;
    text.hidden = copied?.text === undefined && copied?.html === undefined;
    image.hidden = !copied?.png;
    nothing.hidden = !text.hidden || !image.hidden;
    copy.disabled = !nothing.hidden;
    if (copied === shown) return;
    shown = copied;
    const whole = copied?.text ?? copied?.html ?? '';
    text.value = whole.length > MAX_SHOWN ? `${whole.slice(0, MAX_SHOWN)}…` : whole;
    URL.revokeObjectURL(url);
    url = copied?.png ? URL.createObjectURL(copied.png) : '';
    if (url) image.src = url;
    else image.removeAttribute('src');
  }
  const heading = h('h2', { text: words.fromSession });
  return { elements: [heading, nothing, text, image, h('div', { class: 'clip-buttons' }, copy)], show };
}

function toSession(sync: ClipboardSync, say: (message: string) => void): HTMLElement[] {
  const words = PANEL_WORDS[sync.language];
  const text = h('textarea', {
    class: 'clip-text',
    attributes: { rows: '4', 'aria-label': words.toSession, placeholder: words.toSessionHint, dir: 'auto' },
  });
  const send = button({ class: 'button primary', text: words.send, onClick: () => void onSend({ text: text.value }) });
  const follow = () => (send.disabled = text.value === '');

  async function onSend(content: LocalContent): Promise<void> {
    if (await sync.put(content)) say(words.sent);
  }
  text.addEventListener('input', follow);
  text.addEventListener('paste', (event) => {
    const content = event.clipboardData ? ofTransfer(event.clipboardData) : {};
    // A field takes no images: those go as they come. Text can be changed before it does.
    if (!content.png) return;
    event.preventDefault();
    void onSend(content);
  });
  follow();
  return [h('h2', { text: words.toSession }), text, h('div', { class: 'clip-buttons' }, send)];
}

function checkbox(label: string, on: boolean, onChange: (on: boolean) => void): HTMLElement {
  const input = h('input', { attributes: { type: 'checkbox' } });
  input.checked = on;
  input.addEventListener('change', () => onChange(input.checked));
  return h('label', { class: 'clip-check' }, input, label);
}
