/** What the clipboard's panel says. */
import type { Words } from '../strings.ts';

type Key =
  | 'fromSession'
  | 'nothingCopied'
  | 'copyHere'
  | 'copied'
  | 'notCopied'
  | 'toSession'
  | 'toSessionHint'
  | 'send'
  | 'sent'
  | 'image'
  | 'selected'
  | 'automatic'
  | 'denied'
  | 'byKey'
  | 'onlyIn'
  | 'onlyOut'
  | 'waiting';

export const PANEL_WORDS: Words<Key> = {
  en: {
    fromSession: 'Copied in the session',
    nothingCopied: 'Nothing has been copied there yet.',
    copyHere: 'Copy to this computer',
    copied: 'It is on this computer’s clipboard now.',
    notCopied: 'The browser did not allow it. Select the text above and copy it with Ctrl+C.',
    toSession: 'To be pasted in the session',
    toSessionHint: 'Type here, or paste text or an image with Ctrl+V.',
    send: 'Put on the session’s clipboard',
    sent: 'It can be pasted in the session now.',
    image: 'Image that was copied in the session',
    selected: 'What is merely selected in the session counts as copied',
    automatic: 'Keep both clipboards the same by itself',
    denied:
      'The browser does not give this computer’s clipboard to this page by itself. Ctrl+V in the session works all the same; the permission can be changed in the browser’s address bar.',
    byKey:
      'Ctrl+V in the session pastes what is on this computer’s clipboard. For pasting with the mouse or from a menu, put it here first.',
    onlyIn: 'This session takes what you paste, but gives nothing that is copied in it.',
    onlyOut: 'This session gives what is copied in it, but takes nothing that you paste.',
    waiting: 'Something was copied in the session. The browser takes it with your next click or key in this window.',
  },
  de: {
    fromSession: 'In der Sitzung kopiert',
    nothingCopied: 'Dort wurde noch nichts kopiert.',
    copyHere: 'Auf diesen Rechner kopieren',
    copied: 'Es ist jetzt in der Zwischenablage dieses Rechners.',
    notCopied: 'Der Browser hat es nicht erlaubt. Markieren Sie den Text oben und kopieren Sie ihn mit Strg+C.',
    toSession: 'In der Sitzung einzufügen',
    toSessionHint: 'Tippen Sie hier, oder fügen Sie Text oder ein Bild mit Strg+V ein.',
    send: 'In die Zwischenablage der Sitzung legen',
    sent: 'Es kann jetzt in der Sitzung eingefügt werden.',
    image: 'Bild, das in der Sitzung kopiert wurde',
    selected: 'Was in der Sitzung nur markiert wird, gilt als kopiert',
    automatic: 'Beide Zwischenablagen von selbst gleich halten',
    denied:
      'Der Browser gibt dieser Seite die Zwischenablage dieses Rechners nicht von selbst. Strg+V in der Sitzung geht trotzdem; ändern lässt sich die Erlaubnis in der Adresszeile des Browsers.',
    byKey:
      'Strg+V in der Sitzung fügt ein, was in der Zwischenablage dieses Rechners ist. Für das Einfügen mit der Maus oder aus einem Menü legen Sie es zuerst hier ab.',
    onlyIn: 'Diese Sitzung nimmt an, was Sie einfügen, gibt aber nichts her, was in ihr kopiert wird.',
    onlyOut: 'Diese Sitzung gibt her, was in ihr kopiert wird, nimmt aber nichts an, was Sie einfügen.',
    waiting:
      'In der Sitzung wurde etwas kopiert. Der Browser übernimmt es mit dem nächsten Klick oder der nächsten Taste in diesem Fenster.',
  },
};
