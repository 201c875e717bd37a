/** What is seen while files are held over the desktop: where they would go. */
import { h, icon } from '../dom.ts';
import { fill, type Strings } from '../strings.ts';
import { FILES_WORDS } from './files-words.ts';

export class DropHint {
  readonly #strings: Strings;
  readonly #target: () => Promise<string>;
  #element: HTMLElement | undefined;

  constructor(strings: Strings, target: () => Promise<string>) {
    this.#strings = strings;
    this.#target = target;
  }

  show(root: HTMLElement): void {
    const words = FILES_WORDS[this.#strings.language];
    const where = h('span', { class: 'drop-folder', attributes: { dir: 'auto' } });
    this.hide();
    this.#element = h(
      'div',
      { class: 'drop-zone', attributes: { 'aria-hidden': 'true' } },
      h('div', { class: 'drop-card' }, icon('upload'), h('strong', { text: words.drop }), where),
    );
    root.append(this.#element);
    void this.#target().then((folder) => {
      where.textContent = fill(words.dropHint, { folder });
    });
  }

  hide(): void {
    this.#element?.remove();
    this.#element = undefined;
  }
}
