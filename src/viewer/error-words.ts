/**
 * The catalogue's sentences that a viewer can meet when no server has sent one along. A list of its own, so that a page
 * that has to come up quickly does not carry the whole catalogue; a test compares the two.
 */
import type { ErrorCode } from '../contract/errors.ts';

export const ERRORS_EN = {
  'ticket-missing': 'The viewer was opened without a ticket.',
  'ticket-unknown': 'This ticket was not given out by this server.',
  'ticket-used': 'This ticket has been used. Open the session again from its page.',
  'ticket-expired': 'This ticket has expired. Open the session again from its page.',
  'ticket-foreign': 'This ticket was given out for another session or another site.',
  'resume-unknown': 'The viewer was away too long. Open the session again from its page.',
  'viewer-data': 'The address of the viewer holds data that cannot be read.',
  'version-mismatch': 'The page and the server are of different versions. Reload the page.',
  'session-unknown': 'This session does not exist, or is not yours.',
  kicked: 'You have been disconnected by the owner of the session.',
  'idle-disconnected':
    'You were disconnected because nothing was typed or pointed at for a while. The session goes on.',
  'unwatched-ended': 'The session was ended because nobody was connected to it for too long.',
  'run-time-over': 'The session was ended because its time was up.',
  disconnected: 'The connection to the session was closed.',
  forbidden: 'You are not allowed to do this.',
  'origin-denied': 'Requests from this site are not accepted.',
  'rfb-protocol': 'The session server sent something that is not RFB.',
  'rfb-security': 'The session server asks for a kind of login that this viewer does not have.',
  'rfb-server-key': 'The key of the session server is not one that is trusted here.',
  'rfb-limit': 'The session server sent a size beyond what this viewer accepts.',
  'rfb-encoding': 'The session server used an encoding that was not asked for.',
  'decode-failed': 'A picture from the session server is damaged.',
  'viewer-unsupported': 'This browser lacks something the viewer needs.',
  internal: 'Something went wrong on the server. An administrator finds the cause by the reference.',
  'link-failed': 'The process that owns your sessions could not be started.',
  'session-not-running': 'This session is not running.',
  unauthenticated: 'You are not logged in, or your login has ended. Log in again.',
} as const satisfies Partial<Record<ErrorCode, string>>;

export type KnownError = keyof typeof ERRORS_EN;

export const ERRORS_DE: Readonly<Record<KnownError, string>> = {
  'ticket-missing': 'Die Ansicht wurde ohne Eintrittskarte geöffnet.',
  'ticket-unknown': 'Diese Eintrittskarte stammt nicht von diesem Server.',
  'ticket-used': 'Diese Eintrittskarte wurde schon benutzt.',
  'ticket-expired': 'Diese Eintrittskarte ist abgelaufen.',
  'ticket-foreign': 'Diese Eintrittskarte gilt für eine andere Sitzung oder eine andere Seite.',
  'resume-unknown': 'Sie waren zu lange weg.',
  'viewer-data': 'Die Adresse der Ansicht enthält Daten, die nicht gelesen werden können.',
  'version-mismatch': 'Seite und Server haben verschiedene Versionen. Laden Sie die Seite neu.',
  'session-unknown': 'Diese Sitzung gibt es nicht, oder sie gehört Ihnen nicht.',
  kicked: 'Der Besitzer der Sitzung hat Sie getrennt.',
  'idle-disconnected': 'Sie wurden getrennt, weil eine Weile nichts eingegeben wurde. Die Sitzung läuft weiter.',
  'unwatched-ended': 'Die Sitzung wurde beendet, weil zu lange niemand mit ihr verbunden war.',
  'run-time-over': 'Die Sitzung wurde beendet, weil ihre Zeit um war.',
  disconnected: 'Die Verbindung zur Sitzung wurde geschlossen.',
  forbidden: 'Das ist Ihnen nicht erlaubt.',
  'origin-denied': 'Anfragen von dieser Seite werden nicht angenommen.',
  'rfb-protocol': 'Der Sitzungsserver hat etwas gesendet, das kein RFB ist.',
  'rfb-security': 'Der Sitzungsserver verlangt eine Anmeldung, die diese Ansicht nicht beherrscht.',
  'rfb-server-key': 'Der Schlüssel des Sitzungsservers ist keiner, dem hier vertraut wird.',
  'rfb-limit': 'Der Sitzungsserver hat eine Größe gesendet, die diese Ansicht nicht annimmt.',
  'rfb-encoding': 'Der Sitzungsserver hat eine Kodierung benutzt, um die nicht gebeten wurde.',
  'decode-failed': 'Ein Bild vom Sitzungsserver ist beschädigt.',
  'viewer-unsupported': 'Diesem Browser fehlt etwas, das die Ansicht braucht.',
  internal: 'Auf dem Server ist etwas schiefgegangen. Die Administration findet die Ursache mit der Kennung.',
  'link-failed': 'Der Prozess, dem Ihre Sitzungen gehören, konnte nicht gestartet werden.',
  'session-not-running': 'Diese Sitzung läuft nicht.',
  unauthenticated: 'Nicht angemeldet, oder die Anmeldung ist abgelaufen. Bitte neu anmelden.',
};

export function isKnownError(code: string): code is KnownError {
  return Object.hasOwn(ERRORS_EN, code);
}
