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
  | 'ask'
  | 'allow'
  | 'notNow'
  | 'askTitle'
  | 'denied'
  | 'byKey'
  | 'onlyIn'
  | 'onlyOut'
  | 'tooLarge'
  | 'tooLargeCopied'
  | 'badImage'
  | 'timeout'
  | 'gone'
  | 'forbidden'
  | 'unavailable'
  | 'failedTitle'
  | 'kindText'
  | 'kindHtml'
  | 'kindPng'
  | 'loading'
  | 'waiting';

export const WORDS: Words<Key> = {
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
    ask: 'The browser can give this computer’s clipboard to the session by itself, so that pasting with the mouse or from a menu works too. It asks you once for that. Ctrl+V works without it.',
    allow: 'Allow…',
    notNow: 'Not now',
    askTitle: 'Paste with the mouse as well?',
    denied:
      'The browser does not give this computer’s clipboard to this page by itself. Ctrl+V in the session works all the same; the permission can be changed in the browser’s address bar.',
    byKey:
      'Ctrl+V in the session pastes what is on this computer’s clipboard. For pasting with the mouse or from a menu, put it here first.',
    onlyIn: 'This session takes what you paste, but gives nothing that is copied in it.',
    onlyOut: 'This session gives what is copied in it, but takes nothing that you paste.',
    tooLarge:
      '{kind} of {size} MiB is too much for the clipboard: at most {limit} MiB fit. The clipboard there is as it was. Files can hold more.',
    tooLargeCopied:
      'What was copied in the session is over {limit} MiB, which is too much for the clipboard. Files can hold more.',
    badImage: 'The image on the clipboard is damaged and was left out.',
    timeout: 'The program that holds the copy does not answer. Try to copy it again.',
    gone: 'What was copied is not there any more.',
    forbidden: 'This session does not allow that.',
    unavailable: 'The session’s clipboard cannot be reached.',
    failedTitle: 'Clipboard',
    kindText: 'Text',
    kindHtml: 'Formatted text',
    kindPng: 'An image',
    loading: 'Fetching what was copied…',
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
    ask: 'Der Browser kann die Zwischenablage dieses Rechners von selbst an die Sitzung geben, damit auch das Einfügen mit der Maus oder aus einem Menü geht. Dafür fragt er Sie einmal. Strg+V geht auch ohne das.',
    allow: 'Erlauben…',
    notNow: 'Jetzt nicht',
    askTitle: 'Auch mit der Maus einfügen?',
    denied:
      'Der Browser gibt dieser Seite die Zwischenablage dieses Rechners nicht von selbst. Strg+V in der Sitzung geht trotzdem; ändern lässt sich die Erlaubnis in der Adresszeile des Browsers.',
    byKey:
      'Strg+V in der Sitzung fügt ein, was in der Zwischenablage dieses Rechners ist. Für das Einfügen mit der Maus oder aus einem Menü legen Sie es zuerst hier ab.',
    onlyIn: 'Diese Sitzung nimmt an, was Sie einfügen, gibt aber nichts her, was in ihr kopiert wird.',
    onlyOut: 'Diese Sitzung gibt her, was in ihr kopiert wird, nimmt aber nichts an, was Sie einfügen.',
    tooLarge:
      '{kind} mit {size} MiB ist zu viel für die Zwischenablage: höchstens {limit} MiB passen hinein. Die Zwischenablage dort ist, wie sie war. Dateien fassen mehr.',
    tooLargeCopied:
      'Was in der Sitzung kopiert wurde, hat mehr als {limit} MiB. Das ist zu viel für die Zwischenablage; Dateien fassen mehr.',
    badImage: 'Das Bild in der Zwischenablage ist beschädigt und wurde ausgelassen.',
    timeout: 'Das Programm, das die Kopie hält, antwortet nicht. Kopieren Sie noch einmal.',
    gone: 'Was kopiert wurde, ist nicht mehr da.',
    forbidden: 'Diese Sitzung erlaubt das nicht.',
    unavailable: 'Die Zwischenablage der Sitzung ist nicht erreichbar.',
    failedTitle: 'Zwischenablage',
    kindText: 'Text',
    kindHtml: 'Formatierter Text',
    kindPng: 'Ein Bild',
    loading: 'Was kopiert wurde, wird geholt …',
    waiting:
      'In der Sitzung wurde etwas kopiert. Der Browser übernimmt es mit dem nächsten Klick oder der nächsten Taste in diesem Fenster.',
  },
};
