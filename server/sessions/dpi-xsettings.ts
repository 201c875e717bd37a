/** XSETTINGS (freedesktop.org, version 0.5): the bytes of its one property, and being the one who offers them. */
import type { XConnection } from './x-client.ts';

export type XSettings = Readonly<Record<string, number>>;

const INTEGER = 0;
const INPUT_ONLY = 2;
const REPLACE = 0;

const padded = (length: number) => (length + 3) & ~3;

/** Little endian. All settings bear the serial of the whole, since they change together. */
export function encodeXSettings(settings: XSettings, serial: number): Buffer {
  const entries = Object.entries(settings);
  const length = entries.reduce((sum, [name]) => sum + 4 + padded(name.length) + 8, 12);
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(serial, 4);
  bytes.writeUInt32LE(entries.length, 8);
  let at = 12;
  for (const [name, value] of entries) {
    bytes.writeUInt8(INTEGER, at);
    bytes.writeUInt16LE(name.length, at + 2);
    bytes.write(name, at + 4, 'latin1');
    at += 4 + padded(name.length);
    bytes.writeUInt32LE(serial, at);
    bytes.writeInt32LE(value, at + 4);
    at += 8;
  }
  return bytes;
}

/** Offers settings as long as nobody else does. A desktop that takes them over later is left alone from then on. */
export class XSettingsManager {
  readonly #x: XConnection;
  #window: number | undefined;
  #serial = 0;
  #yielded = false;

  constructor(x: XConnection) {
    this.#x = x;
  }

  /** Resolves with whether it is ours to say. */
  async offer(settings: XSettings): Promise<boolean> {
    const { client } = this.#x;
    const property = await this.#x.atom('_XSETTINGS_SETTINGS');
    if (this.#yielded || (this.#window === undefined && !(await this.#acquire()))) return false;
    if (this.#window === undefined) return false;
    client.ChangeProperty(REPLACE, this.#window, property, property, 8, encodeXSettings(settings, ++this.#serial));
    return true;
  }

  /** Somebody else has taken the selection. */
  lost(): void {
    if (this.#window === undefined) return;
    this.#yielded = true;
    this.#x.client.DestroyWindow(this.#window);
    this.#window = undefined;
  }

  async #acquire(): Promise<boolean> {
    const { client, root, x11 } = this.#x;
    const [selection, manager] = await Promise.all([this.#x.atom('_XSETTINGS_S0'), this.#x.atom('MANAGER')]);
    const owner = () =>
      new Promise<number>((done) => client.GetSelectionOwner(selection, (failed, value) => done(failed ? -1 : value)));
    if ((await owner()) !== 0) return false;
    const window = client.AllocID();
    client.CreateWindow(window, root, -10, -10, 1, 1, 0, 0, INPUT_ONLY, 0, { overrideRedirect: 1 });
    client.SetSelectionOwner(window, selection, 0);
    if ((await owner()) !== window) {
      client.DestroyWindow(window);
      return false;
    }
    this.#window = window;
    // Programs that run already look for a manager only when they are told of one.
    client.SendClientMessage(root, root, manager, 32, [0, selection, window, 0, 0], x11.eventMask.StructureNotify);
    return true;
  }
}
