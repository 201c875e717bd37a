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
  let inControl = true;
  let canResize = true;
  const menu = toolbar.addMenu('scaling', strings.text('scaling'), entries());
  // Where the session follows nobody here, that choice still says how its picture is shown.
  function entries() {
    return SCALINGS.map(([mode, key]) => ({
      label: strings.text(mode === 'remote' && !(inControl && canResize) ? 'scalingShrink' : key),
      checked: false,
      run: () => choose(mode),
    }));
  }
  function follow(control: boolean, resizable: boolean): void {
    if (control === inControl && resizable === canResize) return;
    inControl = control;
    canResize = resizable;
    menu.replace(entries());
    show();
  }
  const show = () => menu.check(SCALINGS.findIndex(([mode]) => mode === desktop.scaling));
  function choose(mode: Scaling): void {
    desktop.scaling = mode;
    keep({ scaling: mode });
    show();
  }
  show();
  return {
    choose,
    onRole(role, may) {
      menu.hidden = role === 'inactive';
      follow(may, canResize);
    },
    onScreen(event) {
      if (event.type === 'capabilities') follow(inControl, event.setDesktopSize);
    },
  };
}
