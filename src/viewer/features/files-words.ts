/** The words of the files panel, and its sentences for what can go wrong. */
import { MAX_IN_FOLDER, MAX_LEVELS } from '../../contract/files.ts';
import { fill, type Strings, type Words } from '../strings.ts';

const en = {
  title: 'Files',
  home: 'Home',
  up: 'Folder above',
  openFolder: 'Open the folder {name}',
  download: 'Download {name}, {size}',
  notAFile: 'Neither file nor folder',
  hidden: 'Show hidden files',
  loading: 'Reading the folder…',
  empty: 'This folder is empty.',
  truncated: 'Only the first {count} entries are shown.',
  contents: 'Contents of {folder}',
  upload: 'Upload files…',
  uploadFolder: 'Upload a folder…',
  intoHere: 'Uploads, dropped files too, go into this folder.',
  transfers: 'Transfers',
  waiting: 'Waiting for its turn',
  paused: 'Waiting for the connection…',
  asking: 'There is a file of this name already.',
  replace: 'Replace',
  keepBoth: 'Keep both',
  skip: 'Skip',
  forAll: 'The same for all others that exist',
  askingAbout: '{path} is there already.',
  reading: 'Looking into the folder… {files}',
  oneFile: '1 file',
  manyFiles: '{count} files',
  ofFiles: '{done} of {files}',
  folderDone: '{files} uploaded to {folder}',
  folderEmpty: 'Empty folder made: {folder}',
  folderSkipped: '{count} skipped',
  folderStopped: 'Cancelled; {some} had been uploaded',
  folderFailed: '{some} uploaded. These could not be:',
  folderBroken: '{why} {some} uploaded so far.',
  moreFailures: 'and {count} more',
  cancel: 'Cancel {name}',
  remove: 'Remove {name} from the list',
  retry: 'Try again',
  again: 'Read again',
  done: 'Uploaded to {folder}',
  doneAs: 'Uploaded to {folder} as {name}',
  stopped: 'Cancelled',
  downloaded: 'Downloaded',
  downloading: '{sent} of {size}',
  starting: 'Handed to the browser…',
  running: '{sent} of {size} · {rate}/s',
  runningLeft: '{sent} of {size} · {rate}/s · {time} left',
  progress: 'Progress of {name}',
  saidDone: '{name} has been uploaded to {folder}.',
  saidFailed: '{name} could not be transferred: {why}',
  saidPartly: 'Not all of {name} could be transferred: {some} uploaded.',
  offerTitle: 'The session offers a file',
  offerText: '{name} ({size})',
  offerYes: 'Download',
  offerNo: 'Dismiss',
  unreadable: 'The file on your computer can no longer be read. It may have been changed or moved; choose it again.',
  drop: 'Drop to upload',
  dropHint: 'into {folder}',
  offline: 'The server does not answer.',
  notReadable: 'Your browser could not read this.',
  tooDeep:
    'There are more than {limit} folders in each other. Nothing was uploaded: put the folder into an archive first.',
  tooMany: 'There are more than {limit} files and folders. Nothing was uploaded: put the folder into an archive first.',
  diskFull:
    'There is no room left in the session’s folder, or your quota is used up. Make room and try again: what has arrived is kept.',
};
type Key = keyof typeof en;

export const FILES_WORDS: Words<Key> = {
  en,
  de: {
    title: 'Dateien',
    home: 'Persönlicher Ordner',
    up: 'Ordner darüber',
    openFolder: 'Den Ordner {name} öffnen',
    download: '{name} herunterladen, {size}',
    notAFile: 'Weder Datei noch Ordner',
    hidden: 'Verborgene Dateien zeigen',
    loading: 'Der Ordner wird gelesen…',
    empty: 'Dieser Ordner ist leer.',
    truncated: 'Nur die ersten {count} Einträge werden gezeigt.',
    contents: 'Inhalt von {folder}',
    upload: 'Dateien hochladen…',
    uploadFolder: 'Einen Ordner hochladen…',
    intoHere: 'Hochgeladenes und Abgelegtes kommt in diesen Ordner.',
    transfers: 'Übertragungen',
    waiting: 'Wartet, bis sie an der Reihe ist',
    paused: 'Wartet auf die Verbindung…',
    asking: 'Eine Datei dieses Namens gibt es schon.',
    replace: 'Ersetzen',
    keepBoth: 'Beide behalten',
    skip: 'Überspringen',
    forAll: 'Ebenso für alle anderen, die es gibt',
    askingAbout: '{path} gibt es schon.',
    reading: 'Der Ordner wird durchgesehen… {files}',
    oneFile: '1 Datei',
    manyFiles: '{count} Dateien',
    ofFiles: '{done} von {files}',
    folderDone: '{files} nach {folder} hochgeladen',
    folderEmpty: 'Leerer Ordner angelegt: {folder}',
    folderSkipped: '{count} übersprungen',
    folderStopped: 'Abgebrochen; {some} waren hochgeladen',
    folderFailed: '{some} hochgeladen. Nicht gelungen ist es bei:',
    folderBroken: '{why} Bisher {some} hochgeladen.',
    moreFailures: 'und {count} weitere',
    cancel: '{name} abbrechen',
    remove: '{name} aus der Liste nehmen',
    retry: 'Noch einmal versuchen',
    again: 'Noch einmal lesen',
    done: 'Hochgeladen nach {folder}',
    doneAs: 'Hochgeladen nach {folder} als {name}',
    stopped: 'Abgebrochen',
    downloaded: 'Heruntergeladen',
    downloading: '{sent} von {size}',
    starting: 'An den Browser übergeben…',
    running: '{sent} von {size} · {rate}/s',
    runningLeft: '{sent} von {size} · {rate}/s · noch {time}',
    progress: 'Fortschritt von {name}',
    saidDone: '{name} wurde nach {folder} hochgeladen.',
    saidFailed: '{name} konnte nicht übertragen werden: {why}',
    saidPartly: '{name} konnte nicht ganz übertragen werden: {some} hochgeladen.',
    offerTitle: 'Die Sitzung bietet eine Datei an',
    offerText: '{name} ({size})',
    offerYes: 'Herunterladen',
    offerNo: 'Verwerfen',
    unreadable:
      'Die Datei auf Ihrem Rechner kann nicht mehr gelesen werden. Vielleicht wurde sie geändert oder verschoben; wählen Sie sie neu aus.',
    drop: 'Zum Hochladen ablegen',
    dropHint: 'in {folder}',
    offline: 'Der Server antwortet nicht.',
    notReadable: 'Ihr Browser konnte das nicht lesen.',
    tooDeep:
      'Hier stecken mehr als {limit} Ordner ineinander. Nichts wurde hochgeladen: Packen Sie den Ordner zuerst in ein Archiv.',
    tooMany:
      'Das sind mehr als {limit} Dateien und Ordner. Nichts wurde hochgeladen: Packen Sie den Ordner zuerst in ein Archiv.',
    diskFull:
      'Im Ordner der Sitzung ist kein Platz mehr, oder Ihr Kontingent ist aufgebraucht. Schaffen Sie Platz und versuchen Sie es noch einmal: Was angekommen ist, bleibt.',
  },
};

const ERRORS_DE: Readonly<Record<string, string>> = {
  'files-off': 'In dieser Sitzung können keine Dateien übertragen werden.',
  'file-key': 'Diese Ansicht ist nicht mehr verbunden.',
  'file-unknown': 'Diese Datei oder diesen Ordner gibt es nicht.',
  'file-denied': 'Das Konto darf das mit dieser Datei oder diesem Ordner nicht.',
  'file-outside': 'Dieser Ordner liegt nicht unter dem persönlichen Ordner.',
  'file-name': 'So kann eine Datei auf dem Sitzungsserver nicht heißen.',
  'file-kind': 'Das ist keine gewöhnliche Datei.',
  'file-changed': 'Die Datei wurde geändert, während sie gelesen wurde.',
  'folder-taken': 'Eine Datei oder ein Verweis hat den Namen, den ein Ordner haben muss.',
  'link-failed': 'Der Sitzungsserver antwortet nicht.',
  busy: 'Es sind zu viele Übertragungen auf einmal.',
};

/** A sentence for what a transfer failed with. */
export function fileFailure(strings: Strings, code: string, message: string): string {
  const words = FILES_WORDS[strings.language];
  if (code === 'offline' || code === 'unreadable') return words[code];
  if (code === 'not-readable') return words.notReadable;
  if (code === 'disk-full') return words.diskFull;
  if (code === 'folder-deep') return fill(words.tooDeep, { limit: MAX_LEVELS });
  if (code === 'folder-many') {
    return fill(words.tooMany, { limit: new Intl.NumberFormat(strings.language).format(MAX_IN_FOLDER) });
  }
  const german = strings.language === 'de' ? ERRORS_DE[code] : undefined;
  return german ?? strings.error(code, message);
}
