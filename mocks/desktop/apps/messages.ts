/** Buttons that send what scripts in a session send: a notification, a question, a link, a type of one's own. */
import type { App, AppWindow } from '../app.ts';
import type { Clients } from '../clients.ts';
import type { Context } from '../frame.ts';

interface Message {
  readonly label: string;
  readonly type: string;
  readonly data: string;
  /** The answer is waited for and shown. */
  readonly asks: boolean;
}

const MESSAGES: readonly Message[] = [
  {
    label: 'Notify',
    type: 'fx-notify',
    data: '{"title":"Solver","message":"Step 40 of 200","icon":"information"}',
    asks: false,
  },
  {
    label: 'Ask',
    type: 'fx-notify',
    data: '{"message":"Save the mesh?","icon":"question","buttons":["Yes","No","Cancel"]}',
    asks: true,
  },
  { label: 'Open a page', type: 'fx-url', data: 'https://www.x.org/', asks: true },
  { label: 'Custom type', type: 'acme-save', data: '{"what":"the draft"}', asks: true },
];
const TIMEOUT_MS = 60_000;
const [TOP, ROW, GAP, SIDE] = [14, 34, 10, 14];

export function messages(window: AppWindow, clients: Clients): App {
  let pressed = false;
  let said = 'What a script in a session can send';
  const abort = new AbortController();

  const say = (text: string) => {
    said = text;
    window.damage();
  };
  async function send({ type, data, asks }: Message): Promise<void> {
    const [client] = clients.list();
    if (!asks || !client) {
      say(`${type}: told ${clients.notify(type, data)}`);
      return;
    }
    say(`${type}: waiting …`);
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const { data: answer, error } = await clients.ask(client, type, data, signal);
    say(`${type}: ${error ? error.name : (answer ?? '')}`);
  }

  return {
    title: 'Messages',
    cursor: 'arrow',
    paint: (context, width, height) => paint(context, width, height, said),
    pointer(x, y, buttons) {
      const down = (buttons & 1) !== 0;
      const index = Math.floor((y - TOP) / (ROW + GAP));
      const inside = (y - TOP) % (ROW + GAP) < ROW && x >= SIDE;
      const message = MESSAGES[index];
      if (down && !pressed && inside && message) void send(message);
      pressed = down;
    },
    closed: () => abort.abort(),
  };
}

function paint(context: Context, width: number, height: number, said: string): void {
  context.fillStyle = '#f3f1ea';
  context.fillRect(0, 0, width, height);
  context.font = '14px sans-serif';
  context.textBaseline = 'middle';
  MESSAGES.forEach(({ label }, index) => {
    const y = TOP + index * (ROW + GAP);
    context.fillStyle = '#22373b';
    context.fillRect(SIDE, y, width - 2 * SIDE, ROW);
    context.fillStyle = '#f3f1ea';
    context.textAlign = 'center';
    context.fillText(label, width / 2, y + ROW / 2);
  });
  context.fillStyle = '#22373b';
  context.textAlign = 'left';
  context.fillText(said, SIDE, TOP + MESSAGES.length * (ROW + GAP) + 10, width - 2 * SIDE);
}
