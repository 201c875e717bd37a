/** The commands that the demo's terminal knows. Each returns its exit code. */
import { clientcomm } from './clientcomm-command.ts';
import type { Clients } from '../clients.ts';
import { splitWords } from './words.ts';

export interface Terminal {
  write(text: string): void;
  fail(text: string): void;
  clear(): void;
  close(): void;
}

/** Runs one line. `signal` is Ctrl-C. */
export type Run = (line: string, terminal: Terminal, signal: AbortSignal) => Promise<void>;

/** What commands may do to the desktop around them. */
export interface Surroundings {
  readonly clients: Clients;
  size(): { width: number; height: number };
  open(app: 'terminal' | 'clock' | 'sketch'): void;
  bell(): void;
  copy(text: string): void;
}

interface Call {
  readonly words: readonly string[];
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly around: Surroundings;
}

interface Command {
  readonly help: string;
  run(call: Call): number | Promise<number>;
}

const NOTES = `This desktop is drawn by the page itself and served to the viewer over the same
protocol as a real one. Drag windows by their titles, resize them by the corner,
resize the browser: the desktop follows.`;

const COMMANDS: Readonly<Record<string, Command>> = {
  help: {
    help: 'list the commands',
    run({ terminal }) {
      const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
      for (const [name, { help }] of Object.entries(COMMANDS)) terminal.write(`  ${name.padEnd(width)}  ${help}`);
      return 0;
    },
  },
  clientcomm: {
    help: 'send a message to the viewer: clientcomm hello',
    run: ({ words, terminal, signal, around }) => clientcomm(words, around.clients, terminal, signal),
  },
  terminal: { help: 'another terminal', run: opens('terminal') },
  clock: { help: 'a clock', run: opens('clock') },
  sketch: { help: 'a sheet of paper', run: opens('sketch') },
  echo: {
    help: 'repeat what is given',
    run({ words, terminal }) {
      terminal.write(words.join(' '));
      return 0;
    },
  },
  date: {
    help: 'the time',
    run({ terminal }) {
      terminal.write(new Date().toString());
      return 0;
    },
  },
  whoami: says('demo'),
  hostname: says('casement'),
  pwd: says('/home/demo'),
  ls: says('notes.txt'),
  cat: {
    help: 'show a file: cat notes.txt',
    run({ words, terminal }) {
      if (words[0] === 'notes.txt') terminal.write(NOTES);
      else terminal.fail(`cat: ${words[0] ?? '-'}: no such file`);
      return words[0] === 'notes.txt' ? 0 : 1;
    },
  },
  xrandr: {
    help: 'the size of the desktop',
    run({ terminal, around }) {
      const { width, height } = around.size();
      terminal.write(`screen 0: ${width} x ${height}`);
      return 0;
    },
  },
  sleep: {
    help: 'wait some seconds',
    run: ({ words, signal }) =>
      new Promise((resolve) => {
        const done = (code: number): void => {
          clearTimeout(timer);
          resolve(code);
        };
        const timer = setTimeout(() => done(0), Math.min(Number(words[0]) || 0, 3600) * 1000);
        signal.addEventListener('abort', () => done(130), { once: true });
      }),
  },
  bell: {
    help: 'ring',
    run({ around }) {
      around.bell();
      return 0;
    },
  },
  copy: {
    help: 'put words on the clipboard',
    run({ words, around }) {
      around.copy(words.join(' '));
      return 0;
    },
  },
  clear: {
    help: 'an empty window',
    run({ terminal }) {
      terminal.clear();
      return 0;
    },
  },
  exit: {
    help: 'close this window',
    run({ terminal }) {
      terminal.close();
      return 0;
    },
  },
};

export function createShellCommands(around: Surroundings): Run {
  return async (line, terminal, signal) => {
    const split = splitWords(line);
    if (!split.ok) {
      terminal.fail(`unclosed quote: ${split.quote}`);
      return;
    }
    const [name = '', ...words] = split.words;
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) {
      terminal.fail(`${name}: command not found (try "help")`);
      return;
    }
    const code = await command.run({ words, terminal, signal, around });
    if (code !== 0) terminal.fail(`exit ${code}`);
  };
}

function opens(app: 'terminal' | 'clock' | 'sketch'): Command['run'] {
  return ({ around }) => {
    around.open(app);
    return 0;
  };
}

function says(text: string): Command {
  return {
    help: `prints ${text}`,
    run({ terminal }) {
      terminal.write(text);
      return 0;
    },
  };
}
