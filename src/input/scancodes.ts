/**
 * Physical keys: `KeyboardEvent.code` to XT scan code (set 1), as the QEMU extended key message carries them. Keys with
 * an 0xE0 prefix are written `0xe0NN` here; `toWire` makes the byte of the protocol from either.
 *
 * Sources: the UI Events "code" values and the set 1 column of the keyboard scan code tables that QEMU maps by.
 */

/** Consecutive codes of one row of keys, beginning with `first`. */
function row(first: number, codes: string): [string, number][] {
  return codes.split(' ').map((code, index) => [code, first + index]);
}

const SCAN_CODES: ReadonlyMap<string, number> = new Map([
  ...row(0x01, 'Escape Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal Backspace'),
  ...row(0x0f, 'Tab KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Enter'),
  ...row(0x1d, 'ControlLeft KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote'),
  ...row(0x2a, 'ShiftLeft Backslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash ShiftRight'),
  ...row(0x37, 'NumpadMultiply AltLeft Space CapsLock F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NumLock ScrollLock'),
  ...row(0x47, 'Numpad7 Numpad8 Numpad9 NumpadSubtract Numpad4 Numpad5 Numpad6 NumpadAdd'),
  ...row(0x4f, 'Numpad1 Numpad2 Numpad3 Numpad0 NumpadDecimal'),
  ...row(0x56, 'IntlBackslash F11 F12 NumpadEqual'),
  ...row(0x5d, 'F13 F14 F15'),
  ['F16', 0x55],
  ['F17', 0xe003],
  ['F18', 0xe077],
  ['F19', 0xe004],
  ['F20', 0x5a],
  ['F21', 0x74],
  ['F22', 0xe079],
  ['F23', 0x6d],
  ['F24', 0x6f],
  ['Open', 0x64],
  ['Eject', 0x6c],
  ['KanaMode', 0x70],
  ['Lang2', 0x71],
  ['Lang1', 0x72],
  ['IntlRo', 0x73],
  ...row(0x76, 'Lang5 Lang4 Lang3'),
  ['Convert', 0x79],
  ['NonConvert', 0x7b],
  ['IntlYen', 0x7d],
  ['NumpadComma', 0x7e],
  ['NumpadEnter', 0xe01c],
  ['ControlRight', 0xe01d],
  ['NumpadDivide', 0xe035],
  ['PrintScreen', 0xe037],
  ['AltRight', 0xe038],
  ['Pause', 0xe046],
  ...row(0xe047, 'Home ArrowUp PageUp'),
  ['ArrowLeft', 0xe04b],
  ['ArrowRight', 0xe04d],
  ...row(0xe04f, 'End ArrowDown PageDown Insert Delete'),
  ...row(0xe05b, 'MetaLeft MetaRight ContextMenu Power Sleep'),
  ['WakeUp', 0xe063],
  ...row(0xe005, 'Again Props Undo'),
  ['Cut', 0xe03c],
  ['Find', 0xe041],
  ['Help', 0xe075],
  ['Copy', 0xe078],
  ['Paste', 0x65],
  ['MediaTrackPrevious', 0xe010],
  ['MediaTrackNext', 0xe019],
  ['AudioVolumeMute', 0xe020],
  ['LaunchApp2', 0xe021],
  ['MediaPlayPause', 0xe022],
  ['MediaStop', 0xe024],
  ['AudioVolumeDown', 0xe02e],
  ['AudioVolumeUp', 0xe030],
  ['BrowserHome', 0xe032],
  ...row(0xe065, 'BrowserSearch BrowserFavorites BrowserRefresh BrowserStop BrowserForward BrowserBack LaunchApp1'),
  ['LaunchMail', 0xe06c],
  ['MediaSelect', 0xe06d],
]);

/** The scan code of a physical key in the protocol's form, or `undefined` for a key that has none. */
export function scanCodeOf(code: string): number | undefined {
  const scanCode = SCAN_CODES.get(code);
  return scanCode === undefined ? undefined : toWire(scanCode);
}

/** The protocol has one byte of set 1 and marks the prefixed keys by its top bit. */
export function toWire(scanCode: number): number {
  return scanCode >> 8 === 0xe0 ? (scanCode & 0x7f) | 0x80 : scanCode;
}
