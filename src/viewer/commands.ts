/** What the page around the viewer may ask for, carried out. Each returns its answer or throws a `ParentError`. */
import type { Role } from '../contract/session.ts';
import type { Desktop } from '../desktop/desktop.ts';
import type { PasswordAnswer, Scaling, Settings } from '../embed/messages.ts';
import { answerData } from '../clientcomm/route.ts';
import type { Asking } from './asking.ts';
import type { Connection } from './connection.ts';
import { ClipRefusal } from './features/clipboard-link.ts';
import { ParentError, type Command } from './parent-link.ts';

export interface CommandPorts {
  readonly desktop: Desktop;
  readonly connection: Connection;
  readonly setScaling: (scaling: Scaling) => void;
  readonly toggleFullscreen: (active?: boolean) => Promise<void>;
  /** Onto the session's clipboard. Rejects with a `ClipRefusal`. */
  readonly paste: (text: string) => Promise<void>;
  /** False: the answer names no session or holds no ticket. */
  readonly useTicket: (answer: PasswordAnswer) => boolean;
  readonly role: () => Role;
  readonly asking: Asking;
  /** Settings are in effect. */
  readonly applied: (settings: Settings) => void;
}

export function runCommand(command: Command, ports: CommandPorts): unknown {
  const { desktop, connection } = ports;
  switch (command.name) {
    case 'disconnect':
      connection.disconnect();
      return {};
    case 'reconnect':
      connection.reconnect();
      return {};
    case 'focus':
      desktop.focus();
      return {};
    case 'blur':
      desktop.blur();
      return {};
    case 'fullscreen':
      return fullscreen(ports, command.body?.active);
    case 'clipboard':
      requireConnected(desktop);
      return paste(ports, command.body.text);
    case 'keys':
      requireConnected(desktop);
      if ('combo' in command.body) desktop.sendCombo(command.body.combo);
      else desktop.sendKeysyms(command.body.keysyms);
      return {};
    case 'scaling':
      ports.setScaling(command.body.mode);
      return {};
    case 'settings.update':
      return applySettings(command.body, ports);
    case 'screenshot':
      return screenshot(desktop);
    case 'ticket':
    case 'security.password':
      if (!ports.useTicket(command.body)) throw new ParentError('format', 'A ticket and its session are needed.');
      return {};
    case 'security.none':
      return {};
    case 'role.request': {
      const { role } = command.body;
      if (role === ports.role()) return { role };
      throw new ParentError('denied', 'Roles are given by the owner of the session, by sharing it.');
    }
    case 'clientcomm':
      break;
  }
  requireConnected(desktop);
  const data = answerData(command.body.data);
  if (data === undefined) throw new ParentError('too-large');
  return ports.asking.ask(command.body.type, data);
}

/** The documented levels of compression, least to most. */
export const COMPRESSION = { min: 0, max: 7 } as const;
/** RFB's levels of compression that they stand for. */
const RFB_COMPRESSION_MAX = 9;

/**
 * Size and compression are the session's to change; keyboard layout, frame rate and the others are settled by the
 * desktop's protocol. The answer says which were applied, so that a page need not guess.
 */
function applySettings(settings: Settings, ports: CommandPorts): { applied: string[]; ignored: string[] } {
  const { desktop } = ports;
  const effective: Settings = {};
  const geometry = settings['2'];
  if (geometry) {
    if (geometry.width < 1 || geometry.height < 1) throw new ParentError('format', 'A size has at least one pixel.');
    desktop.requestSize(geometry);
    effective['2'] = geometry;
  }
  const level = settings['4']?.current;
  if (level !== undefined) {
    const current = Math.min(COMPRESSION.max, Math.max(COMPRESSION.min, Math.round(level)));
    desktop.setQuality(desktop.quality, Math.round((current / COMPRESSION.max) * RFB_COMPRESSION_MAX));
    effective['4'] = { ...COMPRESSION, current };
  }
  const applied = Object.keys(effective);
  if (effective['4']) ports.applied({ '4': effective['4'] });
  return { applied, ignored: Object.keys(settings).filter((key) => !applied.includes(key)) };
}

function requireConnected(desktop: Desktop): void {
  if (!desktop.connected) throw new ParentError('disconnected');
}

async function fullscreen(ports: CommandPorts, active: boolean | undefined): Promise<object> {
  try {
    await ports.toggleFullscreen(active);
    return {};
  } catch {
    throw new ParentError('denied', 'Browsers allow full screen only on a click or a key inside the frame.');
  }
}

async function paste(ports: CommandPorts, text: string): Promise<object> {
  try {
    await ports.paste(text);
    return {};
  } catch (error) {
    const reason = error instanceof ClipRefusal ? error.reason : 'unavailable';
    if (reason === 'too-large') throw new ParentError('too-large');
    if (reason === 'forbidden') throw new ParentError('denied', 'The session takes no clipboard from here.');
    throw new ParentError(reason === 'replaced' ? 'busy' : reason === 'timeout' ? reason : 'disconnected');
  }
}

/** The picture as a PNG, in a `data:` URL. */
async function screenshot(desktop: Desktop): Promise<{ width: number; height: number; png: string }> {
  const { width, height, rgba } = await desktop.screenshot();
  if (width === 0 || height === 0) throw new ParentError('disconnected');
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return { width, height, png: canvas.toDataURL('image/png') };
}
