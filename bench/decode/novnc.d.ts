/** The little of noVNC 1.7 that the benchmark touches; the package has no types. */
declare module '@novnc/novnc' {
  export default class RFB {
    constructor(target: HTMLElement, channel: unknown, options?: { shared?: boolean });
    addEventListener(type: string, listener: (event: unknown) => void): void;
    disconnect(): void;
    readonly _display: { flush(): Promise<void> };
  }
}
