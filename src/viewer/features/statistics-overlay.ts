/** The overlay itself; loaded when it is first wanted. Updated once a second, and copied as text by a button. */
import type { ScreenStats } from '../../screen/client.ts';
import { button, h, icon } from '../dom.ts';
import type { FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import { measure, type Measured } from './statistics-measure.ts';
import './statistics.css';

const EVERY_MS = 1000;

const WORDS: Words<
  | 'title'
  | 'copy'
  | 'copied'
  | 'notCopied'
  | 'close'
  | 'frames'
  | 'down'
  | 'up'
  | 'latency'
  | 'decode'
  | 'paint'
  | 'encodings'
  | 'size'
  | 'shown'
  | 'quality'
  | 'memory'
  | 'lossless'
  | 'total'
  | 'none'
> = {
  en: {
    title: 'Statistics',
    copy: 'Copy as text',
    copied: 'Copied',
    notCopied: 'The browser does not allow copying here. Select the text instead.',
    close: 'Close the statistics',
    frames: 'Frames',
    down: 'Received',
    up: 'Sent',
    latency: 'Latency',
    decode: 'Decoding',
    paint: 'Painting',
    encodings: 'Encodings',
    size: 'Session',
    shown: 'Shown at',
    quality: 'Quality',
    memory: 'Memory',
    lossless: 'lossless',
    total: 'in all',
    none: 'none yet',
  },
  de: {
    title: 'Statistik',
    copy: 'Als Text kopieren',
    copied: 'Kopiert',
    notCopied: 'Der Browser erlaubt das Kopieren hier nicht. Markieren Sie den Text.',
    close: 'Statistik schließen',
    frames: 'Bilder',
    down: 'Empfangen',
    up: 'Gesendet',
    latency: 'Latenz',
    decode: 'Dekodieren',
    paint: 'Zeichnen',
    encodings: 'Kodierungen',
    size: 'Sitzung',
    shown: 'Gezeigt mit',
    quality: 'Qualität',
    memory: 'Speicher',
    lossless: 'verlustfrei',
    total: 'gesamt',
    none: 'noch keine',
  },
};

export class StatisticsOverlay {
  readonly element: HTMLElement;
  readonly #context: FeatureContext;
  readonly #words: (typeof WORDS)['en'];
  readonly #list = h('dl', { class: 'statistics-list' });
  readonly #said = h('p', { class: 'statistics-said', attributes: { role: 'status' } });
  readonly #timer: ReturnType<typeof setInterval>;
  #before: { readonly at: number; readonly stats: ScreenStats } | undefined;
  #rows: readonly (readonly [string, string])[] = [];
  #asked: number | undefined;
  #latency: number | undefined;

  constructor(context: FeatureContext, onClose: () => void) {
    this.#context = context;
    this.#words = WORDS[context.strings.language];
    const words = this.#words;
    const close = button({ class: 'icon-button', title: words.close, onClick: onClose }, icon('close'));
    close.setAttribute('aria-label', words.close);
    this.element = h(
      'section',
      { class: 'statistics', attributes: { 'aria-label': words.title } },
      h('header', {}, h('strong', { text: words.title }), close),
      this.#list,
      button({ class: 'button', text: words.copy, onClick: () => void this.#copy() }),
      this.#said,
    );
    context.root.append(this.element);
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
    void this.#look();
  }

  pong(at: number): void {
    if (at !== this.#asked) return;
    this.#latency = performance.now() - at;
    this.#asked = undefined;
  }

  /** What was asked is not answered any more, and another connection begins to count anew. */
  lost(): void {
    this.#asked = this.#latency = this.#before = undefined;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.element.remove();
  }

  async #look(): Promise<void> {
    const { desktop, send } = this.#context;
    if (!desktop.connected) {
      this.lost();
      return;
    }
    if (this.#asked === undefined) {
      // Apart from what others ask at the same moment.
      this.#asked = performance.now() + Math.random() / 1024;
      send({ t: 'ping', at: this.#asked });
    }
    const stats = await desktop.stats();
    const at = performance.now();
    const before = this.#before;
    this.#before = { at, stats };
    this.#draw(measure(before, { at, stats }), stats);
  }

  #draw(now: Measured, stats: ScreenStats): void {
    const { desktop, window, strings } = this.#context;
    const words = this.#words;
    const number = new Intl.NumberFormat(strings.language, { maximumFractionDigits: 1 });
    const bytes = (count: number) => {
      const [unit, divisor] = count >= 1e6 ? (['MB', 1e6] as const) : (['kB', 1e3] as const);
      return `${number.format(count / divisor)} ${unit}`;
    };
    const { width, height } = desktop.size;
    const encodings = now.encodings.map(([name, share]) => `${name} ${number.format(share * 100)} %`).join(', ');
    this.#rows = [
      [words.frames, `${number.format(now.framesPerSecond)} /s`],
      [words.down, `${bytes(now.bytesInPerSecond)}/s, ${bytes(stats.bytesIn)} ${words.total}`],
      [words.up, `${bytes(now.bytesOutPerSecond)}/s, ${bytes(stats.bytesOut)} ${words.total}`],
      [words.latency, this.#latency === undefined ? '…' : `${number.format(this.#latency)} ms`],
      [words.decode, `${number.format(now.decodeMsPerSecond)} ms/s`],
      [words.paint, `${number.format(now.paintMsPerSecond)} ms/s (${stats.thread})`],
      [words.encodings, encodings === '' ? words.none : encodings],
      [words.size, `${width} × ${height}`],
      [words.shown, `${number.format(100 / desktop.shownRatio)} % · ${number.format(window.devicePixelRatio)} dppx`],
      [words.quality, desktop.quality === null ? words.lossless : `${desktop.quality}/9`],
      [words.memory, bytes(stats.memory)],
    ];
    this.#list.replaceChildren(...this.#rows.flatMap(([name, text]) => [h('dt', { text: name }), h('dd', { text })]));
  }

  async #copy(): Promise<void> {
    const { window } = this.#context;
    const lines = this.#rows.map(([name, text]) => `${name}: ${text}`);
    const text = [this.#words.title, new Date().toISOString(), ...lines, window.navigator.userAgent].join('\n');
    try {
      await window.navigator.clipboard.writeText(text);
      this.#said.textContent = this.#words.copied;
    } catch {
      this.#said.textContent = this.#words.notCopied;
      window.getSelection()?.selectAllChildren(this.#list);
    }
  }
}
