/** 32 hexadecimal digits. Unlike `randomUUID` this also works on a plain-HTTP address in a local network. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
