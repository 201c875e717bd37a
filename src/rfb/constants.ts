/** Numbers of the protocol (RFC 6143 and the community's rfbproto) and the limits this client sets. */

export const Security = {
  none: 1,
  vncAuth: 2,
  /** RSA-AES, everything encrypted; `ne`: nothing but the login is. */
  ra2: 5,
  ra2ne: 6,
  vencrypt: 19,
  ra2Aes256: 129,
  ra2neAes256: 130,
} as const;

export const Encoding = {
  raw: 0,
  copyRect: 1,
  rre: 2,
  corre: 4,
  hextile: 5,
  zlib: 6,
  tight: 7,
  zrle: 16,
  jpeg: 21,
  h264: 50,
  tightPng: -260,
  desktopSize: -223,
  lastRect: -224,
  cursor: -239,
  xCursor: -240,
  qemuExtendedKey: -258,
  qemuLeds: -261,
  desktopName: -307,
  extendedDesktopSize: -308,
  fence: -312,
  continuousUpdates: -313,
  cursorWithAlpha: -314,
  extendedMouse: -316,
  extendedClipboard: -1063131698,
  vmwareCursor: 0x574d5664,
  vmwareCursorPosition: 0x574d5666,
  vmwareLeds: 0x574d5668,
  /** 0 to 9 are added to these. */
  quality: -32,
  compression: -256,
  /** 0 to 100 are added. */
  fineQuality: -512,
  /** 0 none, 1 4×, 2 2×, 3 grey, 4 8×, 5 16×. */
  subsampling: -768,
} as const;

export const ServerMessage = {
  framebufferUpdate: 0,
  setColourMapEntries: 1,
  bell: 2,
  serverCutText: 3,
  endOfContinuousUpdates: 150,
  fence: 248,
} as const;

export const ClientMessage = {
  setPixelFormat: 0,
  setEncodings: 2,
  framebufferUpdateRequest: 3,
  keyEvent: 4,
  pointerEvent: 5,
  clientCutText: 6,
  enableContinuousUpdates: 150,
  fence: 248,
  xvp: 250,
  setDesktopSize: 251,
  qemu: 255,
} as const;

export const FenceFlag = {
  blockBefore: 1,
  blockAfter: 2,
  syncNext: 4,
  request: 0x80000000,
} as const;

/** Past this a picture would not fit the decoder's memory; 8K (7680 × 4320) does. */
export const MAX_PIXELS = 1 << 25;
export const MAX_DIMENSION = 16384;
/** A cursor of a megapixel is nobody's cursor. */
export const MAX_CURSOR_PIXELS = 1 << 18;
export const MAX_NAME_BYTES = 4096;
/** What a server may put on the clipboard in one go, as much as our own servers take. */
export const MAX_CUT_TEXT = 16 * 1024 * 1024;
export const MAX_REASON_BYTES = 16 * 1024;
export const MAX_FENCE_PAYLOAD = 64;
