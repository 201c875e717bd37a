/** What is said of the clipboard outside its panel. */
import type { Words } from '../strings.ts';

type Key =
  | 'ask'
  | 'allow'
  | 'notNow'
  | 'askTitle'
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
  | 'kindPng';

export const WORDS: Words<Key> = {
  en: {
    ask: 'The browser can give this computer’s clipboard to the session by itself, so that pasting with the mouse or from a menu works too. It asks you once for that. Ctrl+V works without it.',
    allow: 'Allow…',
    notNow: 'Not now',
    askTitle: 'Paste with the mouse as well?',
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
  },
  de: {
    ask: 'Der Browser kann die Zwischenablage dieses Rechners von selbst an die Sitzung geben, damit auch das Einfügen mit der Maus oder aus einem Menü geht. Dafür fragt er Sie einmal. Strg+V geht auch ohne das.',
    allow: 'Erlauben…',
    notNow: 'Jetzt nicht',
    askTitle: 'Auch mit der Maus einfügen?',
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
  },
};
