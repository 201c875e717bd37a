/** What scripts in the session say, shown, opened or handed to the embedding page, and their questions answered. */
import type { ClientCommAnswer, ClientCommMessage } from '../contract/clientcomm.ts';
import type { DownloadOffer } from '../clientcomm/download.ts';
import { notifyAnswer, type Notify } from '../clientcomm/notify.ts';
import { Queries } from '../clientcomm/queries.ts';
import { answerData, routeMessage } from '../clientcomm/route.ts';
import { isReservedType } from '../embed/messages.ts';
import type { Notices } from './notices.ts';
import { ParentError, type ParentLink } from './parent-link.ts';
import type { Strings } from './strings.ts';

/** How long a toast stays whose script said nothing about it. */
const TOAST_MS = 8000;
const LINK_MS = 60_000;

export interface CommPorts {
  readonly send: (answer: ClientCommAnswer) => void;
  readonly notices: Notices;
  readonly parent: Pick<ParentLink, 'ask' | 'forward'>;
  readonly strings: Strings;
  /** Opens a page in a tab of its own; false when the browser would not let it. */
  readonly openUrl: (url: string) => boolean;
  /** Offers a file of the session's; returns the way to take the offer back. */
  readonly offerFile: (offer: DownloadOffer, outcome: OfferOutcome) => () => void;
}

/** One of them, once. */
export interface OfferOutcome {
  readonly answered: (accepted: boolean) => void;
  /** It cannot be had; with a sentence where there is one. */
  readonly refused: (message?: string) => void;
}

export class Comm {
  readonly #ports: CommPorts;
  readonly #queries: Queries;

  constructor(ports: CommPorts) {
    this.#ports = ports;
    this.#queries = new Queries(ports.send);
  }

  receive(message: ClientCommMessage): void {
    const { number } = message;
    let takeDown: (() => void) | undefined;
    if (!this.#queries.open(number, () => takeDown?.())) return;
    const route = routeMessage(message, isReservedType);
    switch (route.kind) {
      case 'refuse':
        this.#queries.refuse(number, { name: route.error });
        break;
      case 'notify':
        takeDown = this.#notify(number, route.notify);
        break;
      case 'url':
        this.#url(number, route.url);
        break;
      case 'download':
        takeDown = this.#ports.offerFile(route.offer, {
          answered: (accepted) => this.#queries.answer(number, JSON.stringify({ accepted })),
          refused: (message) => this.#queries.refuse(number, { name: 'denied', ...(message ? { message } : {}) }),
        });
        break;
      case 'forward':
        void this.#forward(message, route.body);
        break;
    }
  }

  /** Somebody else has answered. */
  cancel(number: number): void {
    this.#queries.cancel(number);
  }

  /** The connection is gone and its questions with it. */
  lost(): void {
    this.#queries.cancelAll();
  }

  #notify(number: number, notify: Notify): () => void {
    const { strings, notices } = this.#ports;
    const buttons = notify.buttons.map(({ name, known }) => ({ name, label: strings.button(name, known) }));
    const asks = buttons.length > 0;
    const open = notices.show({
      ...notify,
      buttons,
      timeout: notify.timeout ?? (asks ? undefined : TOAST_MS),
      onDone: (name) => this.#queries.answer(number, notifyAnswer(name)),
    });
    // Nothing to choose from: the script need not wait until it is read.
    if (!asks) this.#queries.answer(number, notifyAnswer(''));
    return () => open.close();
  }

  #url(number: number, url: string): void {
    const { strings, notices, openUrl } = this.#ports;
    const opened = openUrl(url);
    if (!opened) {
      notices.show({
        title: strings.text('linkTitle'),
        message: strings.text('linkText'),
        icon: 'link',
        buttons: [],
        link: { url, label: strings.text('openLink') },
        timeout: LINK_MS,
      });
    }
    this.#queries.answer(number, JSON.stringify({ opened }));
  }

  async #forward(message: ClientCommMessage, body: unknown): Promise<void> {
    const { type, number, from } = message;
    const { parent } = this.#ports;
    if (number === 0) {
      parent.forward(type, body, from);
      return;
    }
    try {
      const answer = await parent.ask(type, body, { from, onAck: () => this.#queries.acknowledge(number) });
      const data = answerData(answer.result);
      if (data === undefined) this.#queries.refuse(number, { name: 'too-large' });
      else this.#queries.answer(number, data);
    } catch (error) {
      const known = error instanceof ParentError;
      this.#queries.refuse(number, {
        name: known ? error.name : 'unhandled',
        ...(known && error.message !== '' ? { message: error.message } : {}),
      });
    }
  }
}
