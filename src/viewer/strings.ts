/**
 * The viewer's words, English and German. A table of its own, so that the page needs no translation library; keys are
 * shared by all languages, and the compiler misses one that lacks.
 */
import type { KnownButton } from '../clientcomm/notify.ts';
import { ERRORS_DE, ERRORS_EN, isKnownError } from './error-words.ts';

const en = {
  desktop: 'Remote desktop',
  desktopHint: 'To leave the desktop by keyboard, {how}.',
  loading: 'Getting ready…',
  authenticating: 'Waiting for the portal…',
  connecting: 'Connecting…',
  connected: 'Connected',
  reconnecting: 'Reconnecting…',
  reconnectingTitle: 'Connection lost',
  reconnectingNow: 'Trying to reach the session…',
  reconnectingIn: 'Next attempt in {seconds} s',
  reconnectNow: 'Reconnect now',
  reconnect: 'Reconnect',
  disconnectedTitle: 'Disconnected',
  disconnectedText: 'The session goes on. You can come back to it at any time.',
  endedTitle: 'The session has ended',
  endedText: 'Its programs have finished. You can close this page.',
  endedCode: 'The command ended with exit code {code}.',
  deadlineIdle: 'You will be disconnected because nothing is being typed or pointed at.',
  deadlineRunTime: 'The time of this session is nearly up. Save your work.',
  deadlineOther: 'This session will end soon. Save your work.',
  deadlineLeft: '{time} left.',
  deadlineStay: 'Stay connected',
  deadlineExtend: 'Extend',
  deadlineIdleHint: 'Any key keeps you connected.',
  deadlineHint: 'To get to the button, {how}.',
  idleTitle: 'Disconnected after a while without input',
  errorTitle: 'This does not work',
  errorCode: 'Code: {code}',
  inactiveTitle: 'Waiting to be let in',
  inactiveText: 'The owner of the session has been asked. You will see the session once they agree.',
  adviceReopen: 'Go back to the page where your sessions are listed and open this one again.',
  adviceMember: 'The part “{member}” is missing or unreadable.',
  adviceAddress: 'The link may have been cut short when it was copied. Copy it again as a whole.',
  adviceRetry: 'Reconnecting often helps. If it does not, give the code to your administrator.',
  toolbar: 'Session toolbar',
  showToolbar: 'Show the toolbar',
  pin: 'Keep the toolbar open',
  unpin: 'Let the toolbar hide',
  move: 'Move the toolbar',
  moveHint: 'Move the toolbar with the arrow keys. Escape ends it.',
  movedTo: '{edge}, {percent} %',
  edgeTop: 'Top edge',
  edgeRight: 'Right edge',
  edgeBottom: 'Bottom edge',
  edgeLeft: 'Left edge',
  moreTools: 'More tools',
  settings: 'Settings',
  fullscreen: 'Full screen',
  leaveFullscreen: 'Leave full screen',
  disconnect: 'Disconnect',
  keys: 'Send keys',
  scaling: 'Size',
  scalingRemote: 'Session follows the window',
  scalingShrink: 'Shrink where the window is smaller',
  scalingFit: 'Scale to the window',
  scalingNone: 'Original size',
  roleMaster: 'You are in control',
  roleController: 'You have been given control',
  roleViewer: 'Watching only',
  roleInactive: 'Waiting to be let in',
  roleMasterViewer: 'Someone else is in control',
  comboSuper: 'Super key',
  comboPrint: 'Print Screen',
  notices: 'Messages from the session',
  close: 'Close',
  openLink: 'Open link',
  linkTitle: 'The session wants to open a page',
  linkText: 'Your browser allows it only on a click.',
  more: '{count} earlier messages were closed to make room.',
};
export type StringKey = keyof typeof en;

const de: Record<StringKey, string> = {
  desktop: 'Entfernter Desktop',
  desktopHint: 'Um den Desktop mit der Tastatur zu verlassen, {how}.',
  loading: 'Wird vorbereitet…',
  authenticating: 'Warten auf das Portal…',
  connecting: 'Verbinden…',
  connected: 'Verbunden',
  reconnecting: 'Erneut verbinden…',
  reconnectingTitle: 'Verbindung verloren',
  reconnectingNow: 'Die Sitzung wird gesucht…',
  reconnectingIn: 'Nächster Versuch in {seconds} s',
  reconnectNow: 'Jetzt verbinden',
  reconnect: 'Erneut verbinden',
  disconnectedTitle: 'Getrennt',
  disconnectedText: 'Die Sitzung läuft weiter. Sie können jederzeit zurückkehren.',
  endedTitle: 'Die Sitzung ist beendet',
  endedText: 'Ihre Programme sind fertig. Sie können diese Seite schließen.',
  endedCode: 'Der Befehl endete mit Code {code}.',
  deadlineIdle: 'Sie werden getrennt, weil nichts eingegeben wird.',
  deadlineRunTime: 'Die Zeit dieser Sitzung ist fast um. Speichern Sie Ihre Arbeit.',
  deadlineOther: 'Diese Sitzung endet bald. Speichern Sie Ihre Arbeit.',
  deadlineLeft: 'Noch {time}.',
  deadlineStay: 'Verbunden bleiben',
  deadlineExtend: 'Verlängern',
  deadlineIdleHint: 'Jede Taste hält die Verbindung.',
  deadlineHint: 'Um zum Knopf zu gelangen, {how}.',
  idleTitle: 'Getrennt nach einer Weile ohne Eingabe',
  errorTitle: 'Das geht so nicht',
  errorCode: 'Code: {code}',
  inactiveTitle: 'Warten auf Einlass',
  inactiveText: 'Der Besitzer der Sitzung wurde gefragt. Sie sehen die Sitzung, sobald er zustimmt.',
  adviceReopen: 'Gehen Sie zur Seite mit Ihren Sitzungen zurück und öffnen Sie diese dort erneut.',
  adviceMember: 'Der Teil „{member}“ fehlt oder ist unlesbar.',
  adviceAddress: 'Vielleicht wurde der Link beim Kopieren abgeschnitten. Kopieren Sie ihn noch einmal ganz.',
  adviceRetry: 'Erneutes Verbinden hilft oft. Wenn nicht, nennen Sie den Code Ihrem Administrator.',
  toolbar: 'Werkzeugleiste der Sitzung',
  showToolbar: 'Werkzeugleiste zeigen',
  pin: 'Werkzeugleiste offen lassen',
  unpin: 'Werkzeugleiste verbergen',
  move: 'Werkzeugleiste verschieben',
  moveHint: 'Verschieben Sie die Werkzeugleiste mit den Pfeiltasten. Escape beendet es.',
  movedTo: '{edge}, {percent} %',
  edgeTop: 'Oberer Rand',
  edgeRight: 'Rechter Rand',
  edgeBottom: 'Unterer Rand',
  edgeLeft: 'Linker Rand',
  moreTools: 'Weitere Werkzeuge',
  settings: 'Einstellungen',
  fullscreen: 'Vollbild',
  leaveFullscreen: 'Vollbild verlassen',
  disconnect: 'Trennen',
  keys: 'Tasten senden',
  scaling: 'Größe',
  scalingRemote: 'Sitzung folgt dem Fenster',
  scalingShrink: 'Verkleinern, wenn das Fenster kleiner ist',
  scalingFit: 'In das Fenster einpassen',
  scalingNone: 'Originalgröße',
  roleMaster: 'Sie haben die Kontrolle',
  roleController: 'Ihnen wurde die Kontrolle gegeben',
  roleViewer: 'Nur zusehen',
  roleInactive: 'Warten auf Einlass',
  roleMasterViewer: 'Jemand anders hat die Kontrolle',
  comboSuper: 'Super-Taste',
  comboPrint: 'Druck',
  notices: 'Nachrichten aus der Sitzung',
  close: 'Schließen',
  openLink: 'Link öffnen',
  linkTitle: 'Die Sitzung möchte eine Seite öffnen',
  linkText: 'Ihr Browser erlaubt das nur auf einen Klick.',
  more: '{count} ältere Nachrichten wurden geschlossen, um Platz zu machen.',
};

const BUTTONS_EN: Partial<Record<KnownButton, string>> = {
  Ok: 'OK',
  RestoreDefaults: 'Restore defaults',
  SaveAll: 'Save all',
  YesToAll: 'Yes to all',
  NoToAll: 'No to all',
};

const BUTTONS_DE: Record<KnownButton, string> = {
  Ok: 'OK',
  Open: 'Öffnen',
  Save: 'Speichern',
  Cancel: 'Abbrechen',
  Close: 'Schließen',
  Discard: 'Verwerfen',
  Apply: 'Anwenden',
  Reset: 'Zurücksetzen',
  RestoreDefaults: 'Standardwerte',
  Help: 'Hilfe',
  SaveAll: 'Alle speichern',
  Yes: 'Ja',
  YesToAll: 'Ja, alle',
  No: 'Nein',
  NoToAll: 'Nein, keine',
  Abort: 'Abbrechen',
  Retry: 'Wiederholen',
  Ignore: 'Ignorieren',
};

/** The words of one feature, which it keeps beside itself. The compiler misses one that a language lacks. */
export type Words<Key extends string> = Readonly<Record<'en' | 'de', Readonly<Record<Key, string>>>>;

export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export interface Strings {
  readonly language: 'en' | 'de';
  readonly text: (key: StringKey, values?: Readonly<Record<string, string | number>>) => string;
  /** What a button of `fx-notify` shows: the documented ones translated, others as the script wrote them. */
  readonly button: (name: string, known: KnownButton | undefined) => string;
  /** A sentence for a code of the error catalogue; `message` where the code is not ours. */
  readonly error: (code: string, message: string) => string;
}

/** `locale` is a BCP 47 tag such as `de-CH`; what is not German is English. */
export function createStrings(locale: string): Strings {
  const language = /^de\b/i.test(locale) ? 'de' : 'en';
  const table = language === 'de' ? de : en;
  return {
    language,
    text(key, values = {}) {
      return fill(table[key], values);
    },
    button(name, known) {
      if (known === undefined) return name;
      return language === 'de' ? BUTTONS_DE[known] : (BUTTONS_EN[known] ?? known);
    },
    error(code, message) {
      const sentences = language === 'de' ? ERRORS_DE : ERRORS_EN;
      return isKnownError(code) ? sentences[code] : message || sentences.disconnected;
    },
  };
}
