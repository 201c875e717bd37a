/** What a viewer's RFB messages may do, by its role. The browser is not asked. */
import type { Role } from '../../src/contract/session.ts';
import { type ClientMessageKind, ClientMessageSplitter } from '../../src/rfb/client-messages.ts';

export type RfbRights = 'all' | 'watch' | 'none';

export function rightsOf(role: Role): RfbRights {
  switch (role) {
    case 'master':
    case 'controller':
      return 'all';
    case 'viewer':
    case 'master-viewer':
      return 'watch';
    case 'inactive':
      return 'none';
  }
}

/** What somebody who only watches may send: all that chooses and paces pictures, nothing that changes the desktop. */
const WATCHING: Record<ClientMessageKind, boolean> = {
  handshake: true,
  'set-pixel-format': true,
  'set-encodings': true,
  'update-request': true,
  'continuous-updates': true,
  fence: true,
  key: false,
  'qemu-key': false,
  pointer: false,
  'cut-text': false,
  'set-desktop-size': false,
  xvp: false,
  'qemu-audio': false,
};

/** Width and height of a SetDesktopSize message: two 16-bit numbers behind its type and a padding byte. */
function sizeAsked(bytes: Uint8Array): [width: number, height: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [view.getUint16(2), view.getUint16(4)];
}

/**
 * Hands on what the role may send. What somebody with all rights sends goes on as it is, and is only looked at for the
 * sizes they ask for. Throws on what is no RFB where messages have to be told apart; nothing may be pushed after that.
 */
export function createRoleFilter(
  role: Role,
  forward: (bytes: Uint8Array) => void,
  onSize: (width: number, height: number) => void = () => undefined,
): (chunk: Uint8Array) => void {
  switch (rightsOf(role)) {
    case 'all': {
      let watcher: ClientMessageSplitter | undefined = new ClientMessageSplitter((kind, bytes) => {
        if (kind === 'set-desktop-size') onSize(...sizeAsked(bytes));
      });
      return (chunk) => {
        forward(chunk);
        try {
          watcher?.push(chunk);
        } catch {
          // The X server will hang up on it; until then there is nothing more to read from it.
          watcher = undefined;
        }
      };
    }
    case 'watch': {
      const splitter = new ClientMessageSplitter((kind, bytes) => {
        // The splitter's bytes are good during the call only, and a socket may keep them longer.
        if (WATCHING[kind]) forward(bytes.slice());
      });
      return (chunk) => splitter.push(chunk);
    }
    case 'none':
      return () => undefined;
  }
}
