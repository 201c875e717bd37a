/** Moving about in a picture larger than the window, for those who do not use the pointer at its edges. */
import type { Feature, FeatureContext } from '../feature.ts';
import { button, h, icon, type IconName } from '../dom.ts';
import type { Words } from '../strings.ts';
import './scaling-pan.css';

const WORDS: Words<'pan' | 'left' | 'right' | 'up' | 'down' | 'hint'> = {
  en: {
    pan: 'Move the picture',
    left: 'To the left',
    right: 'To the right',
    up: 'Up',
    down: 'Down',
    hint: 'Arrow keys work here, too. With the pointer: go to an edge.',
  },
  de: {
    pan: 'Ausschnitt verschieben',
    left: 'Nach links',
    right: 'Nach rechts',
    up: 'Nach oben',
    down: 'Nach unten',
    hint: 'Auch mit den Pfeiltasten. Mit dem Zeiger: an einen Rand gehen.',
  },
};

/** Parts of what is seen. */
const STEP = 0.25;
const WAYS = [
  ['up', 0, -STEP],
  ['left', -STEP, 0],
  ['right', STEP, 0],
  ['down', 0, STEP],
] as const satisfies readonly (readonly [IconName, number, number])[];

export function panning({ toolbar, strings, desktop, window }: FeatureContext): Feature {
  const words = WORDS[strings.language];
  const build = () => {
    const pad = h('div', { class: 'pan-pad', attributes: { role: 'group', 'aria-label': words.pan } });
    for (const [way, x, y] of WAYS) {
      const one = button(
        { class: `icon-button pan-${way}`, title: words[way], onClick: () => desktop.pan(x, y) },
        icon(way),
      );
      one.setAttribute('aria-label', words[way]);
      pad.append(one);
    }
    pad.addEventListener('keydown', (event) => {
      const way = WAYS.find(([name]) => event.key.toLowerCase() === `arrow${name}`);
      if (!way) return;
      event.preventDefault();
      desktop.pan(way[1], way[2]);
    });
    return h('div', {}, pad, h('p', { class: 'pan-hint', text: words.hint }));
  };
  const tool = toolbar.addPanel('pan', words.pan, build);
  // Whether there is anything to move depends on sizes on both sides.
  let seen = true;
  const look = () => {
    tool.hidden = !seen || !desktop.canPan;
  };
  const observer = new window.ResizeObserver(look);
  observer.observe(desktop.element);
  const canvas = desktop.element.querySelector('canvas');
  if (canvas) observer.observe(canvas);
  look();
  return {
    onRole(role) {
      seen = role !== 'inactive';
      look();
    },
    dispose: () => observer.disconnect(),
  };
}
