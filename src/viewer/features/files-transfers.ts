/** The transfers, one row each. Rows stay while they change, so that a button keeps the keyboard's focus. */
import { button, h, icon } from '../dom.ts';
import { fill } from '../strings.ts';
import { DownloadJob } from './files-download.ts';
import { FolderJob } from './files-folder.ts';
import { lineText } from './files-lines.ts';
import type { FilesWork, Job, Upload } from './files-work.ts';
import { fileFailure, FILES_WORDS } from './files-words.ts';

/** Of what failed in a folder; whoever needs more has to look into the folder. */
const MOST_FAILURES = 50;

interface Row {
  readonly element: HTMLElement;
  readonly bar: HTMLProgressElement;
  readonly line: HTMLElement;
  readonly failures: HTMLElement;
  readonly buttons: HTMLElement;
  readonly close: HTMLButtonElement;
  /** The state that the buttons were made for. */
  state: string;
}

export class TransferList {
  readonly element: HTMLElement;
  readonly #work: FilesWork;
  readonly #rows = new Map<Job, Row>();
  readonly #list = h('ul');

  constructor(work: FilesWork) {
    this.#work = work;
    const { transfers } = this.#words;
    this.element = h(
      'section',
      { class: 'transfers', attributes: { 'aria-label': transfers } },
      h('h2', { text: transfers }),
      this.#list,
    );
  }

  get #words() {
    return FILES_WORDS[this.#work.ports.strings.language];
  }

  update(): void {
    const { jobs } = this.#work;
    this.element.hidden = jobs.length === 0;
    for (const [job, { element }] of this.#rows) {
      if (jobs.includes(job)) continue;
      element.remove();
      this.#rows.delete(job);
    }
    for (const job of jobs) {
      let row = this.#rows.get(job);
      if (!row) {
        row = this.#make(job);
        this.#rows.set(job, row);
        // The newest is on top, where it is seen.
        this.#list.prepend(row.element);
      }
      this.#fill(job, row);
    }
  }

  #make(job: Job): Row {
    const { name } = job;
    const words = this.#words;
    const bar = h('progress', { attributes: { max: '1', 'aria-label': fill(words.progress, { name }) } });
    const line = h('p', { class: 'transfer-line' });
    const failures = h('ul', { class: 'transfer-failures' });
    const buttons = h('div', { class: 'transfer-buttons' });
    const close = button(
      { class: 'icon-button', onClick: () => (job.over ? this.#work.remove(job) : job.stop()) },
      icon('close'),
    );
    const element = h(
      'li',
      { class: 'transfer' },
      icon(job instanceof FolderJob ? 'folder' : job instanceof DownloadJob ? 'download' : 'upload'),
      h(
        'div',
        { class: 'transfer-text' },
        h('span', { class: 'files-name', text: name, title: name, attributes: { dir: 'auto' } }),
        bar,
        line,
        failures,
        buttons,
      ),
      close,
    );
    return { element, bar, line, failures, buttons, close, state: '' };
  }

  #fill(job: Job, row: Row): void {
    const { state, sent, size } = job;
    row.bar.hidden = job.over || state === 'asking';
    row.bar.value = size > 0 ? Math.min(1, sent / size) : 0;
    const line = lineText(job, this.#work.ports.strings, (folder) => this.#work.place(folder));
    // Other files of a folder go on while a question waits: it is not to be read out with each of their bytes.
    if (row.line.textContent !== line) row.line.textContent = line;
    if (row.state === state) return;
    row.state = state;
    row.element.dataset['state'] = state;
    const label = fill(job.over ? this.#words.remove : this.#words.cancel, { name: job.name });
    row.close.title = label;
    row.close.setAttribute('aria-label', label);
    // Read out at once: it waits for an answer, or for help.
    if (state === 'asking' || state === 'failed') row.line.setAttribute('role', 'alert');
    else row.line.removeAttribute('role');
    this.#choices(job, row);
    this.#failures(job, row);
  }

  #choices(job: Job, row: Row): void {
    const words = this.#words;
    const focused = row.buttons.contains(document.activeElement);
    row.buttons.replaceChildren();
    if (!(job instanceof DownloadJob) && job.state === 'asking') row.buttons.append(...this.#question(job));
    else if (job.state === 'failed' && (!(job instanceof FolderJob) || job.retriable)) {
      const retry = () => (job instanceof DownloadJob ? void job.run() : this.#work.retry(job));
      row.buttons.append(button({ class: 'button', text: words.retry, onClick: retry }));
    }
    if (focused) row.close.focus();
  }

  #question(job: Upload): HTMLElement[] {
    const words = this.#words;
    const all = h('input', { attributes: { type: 'checkbox' } });
    const choice = (text: string, what: 'replace' | 'keep-both' | undefined) =>
      button({ class: 'button', text, onClick: () => job.decide(what, all.checked) });
    return [
      choice(words.replace, 'replace'),
      choice(words.keepBoth, 'keep-both'),
      choice(words.skip, undefined),
      ...(job.several ? [h('label', { class: 'files-switch' }, all, words.forAll)] : []),
    ];
  }

  #failures(job: Job, row: Row): void {
    const { strings } = this.#work.ports;
    const failures = job instanceof FolderJob && job.state === 'failed' ? job.failures : [];
    const shown = failures
      .slice(0, MOST_FAILURES)
      .map(({ path, error }) =>
        h(
          'li',
          {},
          h('span', { class: 'transfer-path', text: path, attributes: { dir: 'auto' } }),
          ` ${fileFailure(strings, error.code, error.message)}`,
        ),
      );
    const rest = failures.length - shown.length;
    const more = rest > 0 ? [h('li', { text: fill(this.#words.moreFailures, { count: rest }) })] : [];
    row.failures.replaceChildren(...shown, ...more);
  }
}
