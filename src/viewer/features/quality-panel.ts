/** The panel of the picture's choices. */
import { h } from '../dom.ts';
import { fill, type Words } from '../strings.ts';
import type { PictureControl } from './quality.ts';
import './quality-panel.css';

const WORDS: Words<
  | 'size'
  | 'auto'
  | 'sizeHint'
  | 'sharp'
  | 'sharpHint'
  | 'quality'
  | 'qualityAuto'
  | 'qualityAutoHint'
  | 'lossless'
  | 'own'
  | 'level'
  | 'compression'
  | 'small'
  | 'good'
  | 'fast'
  | 'tight'
> = {
  en: {
    size: 'Size of text and windows',
    auto: 'Automatic',
    sizeHint: 'Programs that do not follow at once do so when they are started again.',
    sharp: 'Sharp pixels',
    sharpHint: 'One pixel of the session for each of your screen.',
    quality: 'Quality',
    qualityAuto: 'Automatic',
    qualityAutoHint: 'As good as your connection allows; always exact once the picture rests.',
    lossless: 'Always exact',
    own: 'Fixed',
    level: 'Picture quality',
    compression: 'Compression',
    small: 'small',
    good: 'good',
    fast: 'fast',
    tight: 'tight',
  },
  de: {
    size: 'Größe von Text und Fenstern',
    auto: 'Automatisch',
    sizeHint: 'Programme, die nicht sofort folgen, tun es beim nächsten Start.',
    sharp: 'Scharfe Pixel',
    sharpHint: 'Ein Pixel der Sitzung für jedes Ihres Bildschirms.',
    quality: 'Qualität',
    qualityAuto: 'Automatisch',
    qualityAutoHint: 'So gut, wie Ihre Verbindung es zulässt; immer exakt, sobald das Bild ruht.',
    lossless: 'Immer exakt',
    own: 'Fest',
    level: 'Bildqualität',
    compression: 'Kompression',
    small: 'klein',
    good: 'gut',
    fast: 'schnell',
    tight: 'dicht',
  },
};

const SCALES = ['auto', 1, 1.5, 2] as const;
const FIRST_QUALITY = 6;

export function picturePanel(language: 'en' | 'de', control: PictureControl): HTMLElement {
  const words = WORDS[language];
  const { choices } = control;

  const percent = (scale: number) => `${Math.round(scale * 100)} %`;
  const sizes = group(
    words.size,
    SCALES.map((scale) => ({
      label: scale === 'auto' ? words.auto : percent(scale),
      checked: choices.scale === scale,
      run: () => control.change({ scale }),
    })),
    'casement-scale',
  );
  sizes.classList.add('row');
  const sharp = h('input', { attributes: { type: 'checkbox' } });
  sharp.checked = choices.sharp;
  sharp.addEventListener('change', () => control.change({ sharp: sharp.checked }));

  const level = slider(words.level, [words.small, words.good], (value) => control.change({ quality: value }));
  level.input.value = String(typeof choices.quality === 'number' ? choices.quality : FIRST_QUALITY);
  const compression = slider(words.compression, [words.fast, words.tight], (value) =>
    control.change({ compression: value }),
  );
  compression.input.value = String(choices.compression);
  const own = h('div', { class: 'picture-own' }, level.element, compression.element);
  const choose = (quality: 'auto' | null | number) => {
    own.hidden = quality === 'auto';
    level.element.hidden = quality === null;
    control.change({ quality });
  };
  own.hidden = choices.quality === 'auto';
  level.element.hidden = choices.quality === null;
  const qualities = group(
    words.quality,
    [
      { label: words.qualityAuto, checked: choices.quality === 'auto', run: () => choose('auto') },
      { label: words.lossless, checked: choices.quality === null, run: () => choose(null) },
      {
        label: words.own,
        checked: typeof choices.quality === 'number',
        run: () => choose(Number(level.input.value)),
      },
    ],
    'casement-quality',
  );
  qualities.classList.add('row');
  const size = h('div', {}, sizes, h('p', { class: 'picture-hint', text: words.sizeHint }));
  // How large things are drawn is the business of whoever is in control.
  size.hidden = !control.inControl;
  return h(
    'div',
    { class: 'picture' },
    size,
    h('label', { class: 'picture-check' }, sharp, h('span', {}, words.sharp, h('small', { text: words.sharpHint }))),
    qualities,
    h('p', { class: 'picture-hint', text: words.qualityAutoHint }),
    own,
  );
}

interface Choice {
  readonly label: string;
  readonly checked: boolean;
  readonly run: () => void;
}

function group(legend: string, choices: readonly Choice[], name: string): HTMLFieldSetElement {
  const radios = choices.map(({ label, checked, run }) => {
    const input = h('input', { attributes: { type: 'radio', name } });
    input.checked = checked;
    input.addEventListener('change', () => {
      if (input.checked) run();
    });
    return h('label', { class: 'picture-choice' }, input, h('span', { text: label }));
  });
  return h('fieldset', {}, h('legend', { text: legend }), ...radios);
}

function slider(label: string, ends: readonly [string, string], run: (value: number) => void) {
  const input = h('input', { attributes: { type: 'range', min: '0', max: '9', step: '1' } });
  const value = h('output');
  const say = () => {
    value.textContent = fill('{value}', { value: input.value });
  };
  input.addEventListener('input', say);
  input.addEventListener('change', () => run(Number(input.value)));
  queueMicrotask(say);
  const element = h(
    'label',
    { class: 'picture-slider' },
    h('span', {}, label, ' ', value),
    input,
    h(
      'span',
      { class: 'picture-ends', attributes: { 'aria-hidden': 'true' } },
      h('small', { text: ends[0] }),
      h('small', { text: ends[1] }),
    ),
  );
  return { element, input };
}
