/** The keys by which browsers paste. They are left to the browser, which tells then what is on the clipboard. */

export function isPasteKey(event: KeyboardEvent, mac: boolean): boolean {
  if (event.repeat || event.isComposing || event.altKey) return false;
  const { key, code, ctrlKey, metaKey, shiftKey } = event;
  if (key === 'Insert') return shiftKey && !ctrlKey && !metaKey;
  // Layouts without a V have it where the Latin ones do.
  const v = key === 'v' || key === 'V' || (code === 'KeyV' && key.length === 1 && key > '\u007f');
  return v && (mac ? metaKey && !ctrlKey : ctrlKey && !metaKey);
}

/** The same key press, with nothing that could be prevented. */
export function copyOfKey(event: KeyboardEvent): KeyboardEvent {
  const { key, code, location, keyCode, ctrlKey, shiftKey, altKey, metaKey } = event;
  const lock = (name: string) => event.getModifierState(name);
  return new KeyboardEvent(event.type, {
    key,
    code,
    location,
    keyCode,
    ctrlKey,
    shiftKey,
    altKey,
    metaKey,
    modifierCapsLock: lock('CapsLock'),
    modifierNumLock: lock('NumLock'),
    modifierAltGraph: lock('AltGraph'),
  });
}
