/**
 * The few globals that every JavaScript host we run on has (browser, worker, Node), declared by hand so that
 * the rooms that must not know the DOM can be compiled without its library.
 */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array | ArrayBuffer, options?: { stream?: boolean }): string;
}
declare class URL {
  constructor(url: string, base?: string);
  static canParse(url: string, base?: string): boolean;
  href: string;
  protocol: string;
  origin: string;
  host: string;
  hostname: string;
}
declare const crypto: {
  getRandomValues(array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
};
declare function atob(text: string): string;
declare function btoa(text: string): string;
