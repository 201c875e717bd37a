/** The keys that go along the buttons of the bar, or of what is open beside it. */

/** The buttons of the bar, or of the drawer for more, and not of what is open beside them. */
export function controlsIn(inside: HTMLElement): HTMLElement[] {
  return [...inside.querySelectorAll<HTMLElement>('.icon-button')].filter((one) => {
    const drawer = one.closest('.panel, .menu');
    return one.closest('[hidden]') === null && (drawer === null || drawer === inside);
  });
}

/** An arrow, Home or End takes the keyboard to another one of `controls`; other keys are left alone. */
export function goAlong(controls: readonly HTMLElement[], upright: boolean, event: KeyboardEvent): void {
  const [back, forward] = upright ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
  const last = controls.length - 1;
  const at = controls.findIndex((control) => control === document.activeElement);
  const to =
    event.key === forward
      ? (at + 1) % controls.length
      : event.key === back
        ? (at + last) % controls.length
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? last
            : undefined;
  if (to === undefined) return;
  event.preventDefault();
  controls[to]?.focus();
}
