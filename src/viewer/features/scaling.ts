/** How the session's size and the window's go together. */
import type { Scaling } from '../../embed/messages.ts';
import type { FeatureContext, Feature } from '../feature.ts';
import type { StringKey } from '../strings.ts';

const SCALINGS: readonly (readonly [Scaling, StringKey])[] = [
  ['remote', 'scalingRemote'],
  ['fit', 'scalingFit'],
  ['none', 'scalingNone'],
];

export interface ScalingFeature extends Feature {
  /** Also for the page around the viewer. */
  choose(scaling: Scaling): void;
}

export function scaling({ toolbar, strings, desktop, keep }: FeatureContext): ScalingFeature {
  const menu = toolbar.addMenu(
    'scaling',
    strings.text('scaling'),
    SCALINGS.map(([mode, key]) => ({ label: strings.text(key), checked: false, run: () => choose(mode) })),
  );
  const show = () => menu.check(SCALINGS.findIndex(([mode]) => mode === desktop.scaling));
  function choose(mode: Scaling): void {
    desktop.scaling = mode;
    keep({ scaling: mode });
    show();
  }
  show();
  return { choose };
}
