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
const INPUT: ReadonlySet<ClientMessageKind> = new Set(['key', 'qemu-key', 'pointer']);

export interface FilterEvents {
  /** Another size was asked for, after what the profile makes of it. */
  readonly size?: (size: Size) => void;
  /** Somebody in control typed or pointed. */
  readonly input?: () => void;
}

/**
 * Hands on what the role may send, message by message. RFB's clipboard is for nobody: the session's has frames of its
 * own, which know more kinds than text, and what the profile says. Throws on what is no RFB, since where the next message
 * begins is unknown then; nothing may be pushed after that.
 */
export function createRoleFilter(
  role: Role,
  forward: (bytes: Uint8Array) => void,
  events: FilterEvents = {},
  maxSize: Size | null = null,
): (chunk: Uint8Array) => void {
  // The splitter's bytes are good during the call only, and a socket may keep them longer.
  switch (rightsOf(role)) {
    case 'all': {
      const splitter = new ClientMessageSplitter((kind, bytes) => {
        if (kind === 'cut-text') return;
        const allowed = kind === 'set-desktop-size' && maxSize ? clampDesktopSize(bytes, maxSize) : bytes;
        forward(allowed.slice());
        if (INPUT.has(kind)) events.input?.();
        else if (kind === 'set-desktop-size') events.size?.(sizeAsked(allowed));
      });
      return (chunk) => splitter.push(chunk);
    }
    case 'watch': {
      const splitter = new ClientMessageSplitter((kind, bytes) => {
        if (WATCHING[kind]) forward(bytes.slice());
      });
      return (chunk) => splitter.push(chunk);
    }
    case 'none':
      return () => undefined;
  }
}
