/** What a viewer's RFB messages may do, by its role. The browser is not asked. */
import type { Role } from '../../src/contract/session.ts';
import { type ClientMessageKind, ClientMessageSplitter } from '../../src/rfb/client-messages.ts';
import { clampDesktopSize, type Size, sizeAsked } from './max-geometry.ts';

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

/** What counts as somebody being there. Sizes and pictures are asked for without anybody's doing. */
const INPUT: ReadonlySet<ClientMessageKind> = new Set(['key', 'qemu-key', 'pointer', 'cut-text']);

export interface FilterEvents {
  /** Another size was asked for, after what the profile makes of it. */
  readonly size?: (size: Size) => void;
  /** Somebody in control typed or pointed. */
  readonly input?: () => void;
}

/**
 * Hands on what the role may send. What somebody with all rights sends goes on as it is, and is only looked at, unless
 * the profile has a largest size: then it goes on message by message. Throws on what is no RFB where messages have to be
 * told apart; nothing may be pushed after that.
 */
export function createRoleFilter(
  role: Role,
  forward: (bytes: Uint8Array) => void,
  events: FilterEvents = {},
  maxSize: Size | null = null,
): (chunk: Uint8Array) => void {
  const look = (kind: ClientMessageKind, bytes: Uint8Array) => {
    if (INPUT.has(kind)) events.input?.();
    else if (kind === 'set-desktop-size') events.size?.(sizeAsked(bytes));
  };
  switch (rightsOf(role)) {
    case 'all': {
      if (maxSize) {
        const splitter = new ClientMessageSplitter((kind, bytes) => {
          const allowed = kind === 'set-desktop-size' ? clampDesktopSize(bytes, maxSize) : bytes;
          forward(allowed.slice());
          look(kind, allowed);
        });
        return (chunk) => splitter.push(chunk);
      }
      let watcher: ClientMessageSplitter | undefined = new ClientMessageSplitter(look);
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
