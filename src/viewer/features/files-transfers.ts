/** The transfers, one row each. Rows stay while they change, so that a button keeps the keyboard's focus. */
import { button, h, icon } from '../dom.ts';
import { fill } from '../strings.ts';
import type { DownloadJob } from './files-download.ts';
import { sizeText, timeText } from './files-rate.ts';
import { UploadJob } from './files-upload.ts';
import type { FilesWork } from './files-work.ts';
import { fileFailure, FILES_WORDS } from './files-words.ts';

type Job = UploadJob | DownloadJob;

interface Row {
  readonly element: HTMLElement;
  readonly bar: HTMLProgressElement;
  readonly line: HTMLElement;
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
    const buttons = h('div', { class: 'transfer-buttons' });
    const close = button(
      { class: 'icon-button', onClick: () => (job.over ? this.#work.remove(job) : job.stop()) },
      icon('close'),
    );
    const element = h(
      'li',
      { class: 'transfer' },
      icon(job instanceof UploadJob ? 'upload' : 'download'),
      h(
        'div',
        { class: 'transfer-text' },
        h('span', { class: 'files-name', text: name, title: name, attributes: { dir: 'auto' } }),
        bar,
        line,
        buttons,
      ),
      close,
    );
    return { element, bar, line, buttons, close, state: '' };
  }

  #fill(job: Job, row: Row): void {
    const { state, sent, size } = job;
    row.bar.hidden = job.over || state === 'asking';
    row.bar.value = size > 0 ? Math.min(1, sent / size) : 0;
    row.line.textContent = this.#line(job);
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
  }

  #choices(job: Job, row: Row): void {
    const words = this.#words;
    const focused = row.buttons.contains(document.activeElement);
    row.buttons.replaceChildren();
    if (job instanceof UploadJob && job.state === 'asking') {
      const choice = (text: string, decide: () => void) => button({ class: 'button', text, onClick: decide });
      row.buttons.append(
        choice(words.replace, () => job.decide('replace')),
        choice(words.keepBoth, () => job.decide('keep-both')),
        choice(words.skip, () => job.decide(undefined)),
      );
    } else if (job.state === 'failed') {
      const retry = () => (job instanceof UploadJob ? this.#work.retry(job) : void job.run());
      row.buttons.append(button({ class: 'button', text: words.retry, onClick: retry }));
    }
    if (focused) row.close.focus();
  }

  #line(job: Job): string {
    const words = this.#words;
    const { strings } = this.#work.ports;
    const { sent, size, perSecond, failure } = job;
    const text = (bytes: number) => sizeText(bytes, strings.language);
    switch (job.state) {
      case 'waiting':
        return job instanceof UploadJob ? words.waiting : words.starting;
      case 'paused':
        return `${words.paused} ${fill(words.downloading, { sent: text(sent), size: text(size) })}`;
      case 'asking':
        return words.asking;
      case 'failed':
        return fileFailure(strings, failure?.code ?? 'internal', failure?.message ?? '');
      case 'stopped':
        return words.stopped;
      case 'done':
        if (!(job instanceof UploadJob)) return words.downloaded;
        return fill(job.name === job.file.name ? words.done : words.doneAs, {
          folder: this.#work.place(job.folder),
          name: job.name,
        });
      case 'running': {
        const values = { sent: text(sent), size: text(size), rate: text(perSecond) };
        if (perSecond <= 0) return fill(words.downloading, values);
        return fill(words.runningLeft, { ...values, time: timeText((size - sent) / perSecond) });
      }
    }
  }
}
