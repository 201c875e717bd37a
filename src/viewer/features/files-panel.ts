/** What the files panel shows: a folder to choose from and upload into, and the transfers below it. */
import type { FileEntry, Listing } from '../../contract/files.ts';
import { button, h, icon } from '../dom.ts';
import { fill } from '../strings.ts';
import { FileError } from './files-client.ts';
import { sizeText } from './files-rate.ts';
import { TransferList } from './files-transfers.ts';
import type { FilesWork } from './files-work.ts';
import { fileFailure, FILES_WORDS } from './files-words.ts';

/** Bytes that are no text are shown as such; the name itself is sent back as it came. */
const shown = (name: string) => name.replaceAll(/\p{Surrogate}|\p{Cc}/gu, '\ufffd');

export class FilesPanel {
  readonly #work: FilesWork;
  #element: HTMLElement | undefined;
  #list = h('div');
  #path = h('span');
  #note = h('p');
  #said = h('p');
  #up: HTMLButtonElement | undefined;
  #transfers: TransferList | undefined;
  #listing: Listing | undefined;
  #withHidden = false;
  #reading = 0;

  constructor(work: FilesWork) {
    this.#work = work;
  }

  get #words() {
    return FILES_WORDS[this.#work.ports.strings.language];
  }

  open(): HTMLElement {
    const words = this.#words;
    const up = (this.#up = this.#iconButton('up', words.up, () => this.#above()));
    const home = this.#iconButton('home', words.home, () => void this.#go('~'));
    this.#path = h('span', { class: 'files-path', attributes: { dir: 'auto' } });
    this.#list = h('div', { class: 'files-list' });
    this.#note = h('p', { class: 'files-note' });
    this.#said = h('p', { class: 'visually-hidden', attributes: { 'aria-live': 'polite' } });
    this.#transfers = new TransferList(this.#work);
    const element = h(
      'div',
      { class: 'files' },
      h('div', { class: 'files-bar' }, up, home, this.#path),
      this.#list,
      this.#note,
      this.#hiddenSwitch(),
      ...(this.#work.ports.may('upload') ? [this.#uploads()] : []),
      this.#transfers.element,
      this.#said,
    );
    this.#element = element;
    this.#listing = undefined;
    void this.#read(() => this.#work.first());
    this.update();
    return element;
  }

  close(): void {
    this.#element = undefined;
    this.#transfers = undefined;
    this.#reading++;
  }

  /** What is under way has changed. */
  update(): void {
    this.#transfers?.update();
  }

  /** For whoever hears the page. */
  say(message: string): void {
    this.#said.textContent = message;
  }

  async reload(): Promise<void> {
    const path = this.#listing?.path;
    if (this.#element && path !== undefined) await this.#read(() => this.#work.list(path), true);
  }

  #iconButton(name: 'up' | 'home', label: string, onClick: () => void): HTMLButtonElement {
    const made = button({ class: 'icon-button', title: label, onClick }, icon(name));
    made.setAttribute('aria-label', label);
    return made;
  }

  #hiddenSwitch(): HTMLElement {
    const box = h('input', { attributes: { type: 'checkbox' } });
    box.checked = this.#withHidden;
    box.addEventListener('change', () => {
      this.#withHidden = box.checked;
      this.#draw(true);
    });
    return h('label', { class: 'files-switch' }, box, this.#words.hidden);
  }

  #uploads(): HTMLElement {
    const words = this.#words;
    const folders = 'webkitdirectory' in HTMLInputElement.prototype;
    return h(
      'div',
      { class: 'files-uploads' },
      h(
        'div',
        { class: 'files-choose' },
        ...this.#chooser('upload', words.upload, { multiple: '' }, (chosen) => this.#work.upload(chosen)),
        // Phones have no folders to choose.
        ...(folders
          ? this.#chooser('folder', words.uploadFolder, { webkitdirectory: '' }, (chosen) =>
              this.#work.uploadFolders(chosen),
            )
          : []),
      ),
      h('p', { class: 'files-hint', text: words.intoHere }),
    );
  }

  /** A button, and the field that it stands for. */
  #chooser(
    image: 'upload' | 'folder',
    text: string,
    attributes: Readonly<Record<string, string>>,
    take: (chosen: readonly File[]) => Promise<void>,
  ): HTMLElement[] {
    const input = h('input', { attributes: { type: 'file', tabindex: '-1', 'aria-hidden': 'true', ...attributes } });
    input.hidden = true;
    input.addEventListener('change', () => {
      const chosen = [...(input.files ?? [])];
      // The same file may be chosen again.
      input.value = '';
      void take(chosen);
    });
    const look = image === 'upload' ? 'button primary files-upload' : 'button files-upload';
    return [button({ class: look, onClick: () => input.click() }, icon(image), text), input];
  }

  #above(): void {
    const path = this.#listing?.path;
    if (path !== undefined) void this.#go(path.slice(0, path.lastIndexOf('/')) || '/');
  }

  async #go(path: string): Promise<void> {
    await this.#read(() => this.#work.list(path));
  }

  /** `quietly`: what is shown stays until there is something newer. */
  async #read(list: () => Promise<Listing>, quietly = false): Promise<void> {
    const turn = ++this.#reading;
    const { strings } = this.#work.ports;
    const focused = this.#element?.contains(document.activeElement) === true;
    if (!quietly) {
      this.#list.setAttribute('aria-busy', 'true');
      this.#note.textContent = this.#words.loading;
    }
    try {
      const listing = await list();
      if (turn !== this.#reading) return;
      this.#listing = listing;
      this.#note.textContent = '';
      this.#draw(quietly);
      if (focused && !quietly) this.#focusList();
    } catch (error) {
      if (turn !== this.#reading) return;
      const [code, message] = error instanceof FileError ? [error.code, error.message] : ['internal', ''];
      const again = button({ class: 'button', text: this.#words.again, onClick: () => void this.#read(list) });
      this.#note.replaceChildren(h('span', { text: fileFailure(strings, code, message) }), ' ', again);
    } finally {
      if (turn === this.#reading) this.#list.removeAttribute('aria-busy');
    }
  }

  /** After another folder was opened the keyboard is in it, and not nowhere. */
  #focusList(): void {
    const first =
      this.#list.querySelector<HTMLElement>('button') ?? this.#element?.querySelector<HTMLElement>('button');
    first?.focus();
  }

  #draw(keep = false): void {
    const listing = this.#listing;
    if (!listing) return;
    const words = this.#words;
    const { path, home, entries, truncated } = listing;
    const place = path === home ? words.home : this.#work.place(path);
    this.#path.textContent = shown(place);
    this.#path.title = shown(path);
    if (this.#up) this.#up.disabled = path === home;
    const scrolled = keep ? this.#list.scrollTop : 0;
    const wanted = entries.filter(({ name }) => this.#withHidden || !name.startsWith('.'));
    const rows = h('ul', { attributes: { 'aria-label': fill(words.contents, { folder: shown(place) }) } });
    rows.append(...wanted.map((entry) => this.#row(path, entry)));
    const empty = h('p', { class: 'files-empty', text: words.empty });
    const more = h('p', { class: 'files-empty', text: fill(words.truncated, { count: entries.length }) });
    this.#list.replaceChildren(wanted.length > 0 ? rows : empty, ...(truncated ? [more] : []));
    this.#list.scrollTop = scrolled;
  }

  #row(folder: string, { name, kind, size }: FileEntry): HTMLElement {
    const words = this.#words;
    const { strings, may } = this.#work.ports;
    const path = `${folder === '/' ? '' : folder}/${name}`;
    const text = shown(name);
    const label = h('span', { class: 'files-name', text, attributes: { dir: 'auto' } });
    if (kind === 'folder') {
      const open = button({ class: 'files-entry', onClick: () => void this.#go(path) }, icon('folder'), label);
      open.setAttribute('aria-label', fill(words.openFolder, { name: text }));
      return h('li', {}, open);
    }
    const about = h('span', { class: 'files-size', text: kind === 'file' ? sizeText(size, strings.language) : '' });
    if (kind === 'other' || !may('download')) {
      const title = kind === 'other' ? words.notAFile : '';
      return h('li', {}, h('span', { class: 'files-entry', title }, icon('file'), label, about));
    }
    const get = button(
      { class: 'files-entry', onClick: () => void this.#work.download(path) },
      icon('file'),
      label,
      about,
    );
    get.append(icon('download'));
    get.setAttribute('aria-label', fill(words.download, { name: text, size: about.textContent ?? '' }));
    return h('li', {}, get);
  }
}
