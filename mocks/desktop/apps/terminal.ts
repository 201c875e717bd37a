/** A terminal with a very small shell in it. */
import { KEYSYM, type App, type AppWindow } from '../app.ts';
import type { Context } from '../frame.ts';
import type { Run, Terminal } from './commands.ts';
import { LineEditor } from './line-editor.ts';

const FONT = '14px ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Menlo, monospace';
const LINE_HEIGHT = 18;
const PADDING = 8;
const MOST_LINES = 500;
const PROMPT = 'demo@casement:~$ ';
const COLORS = { back: '#14201f', text: '#dfe9e4', prompt: '#8fd6c2', error: '#f2a48f', cursor: '#8fd6c2' } as const;

interface Line {
  readonly text: string;
  readonly color: keyof typeof COLORS;
}

export function terminal(window: AppWindow, run: Run): App {
  const lines: Line[] = [];
  const editor = new LineEditor();
  let columns = 80;
  let rows = 24;
  let cellWidth = 8.4;
  let running: AbortController | undefined;
  /** Rows scrolled back from the end. */
  let back = 0;

  const write = (text: string, color: Line['color'] = 'text'): void => {
    for (const line of text.replace(/\n$/, '').split('\n')) {
      const clean = line.replace(/\t/g, '        ').replace(/\p{Cc}/gu, '');
      for (let at = 0; at === 0 || at < clean.length; at += columns)
        lines.push({ text: clean.slice(at, at + columns), color });
    }
    lines.splice(0, Math.max(0, lines.length - MOST_LINES));
    back = 0;
    window.damage();
  };

  const io: Terminal = {
    write: (text) => write(text),
    fail: (text) => write(text, 'error'),
    clear: () => {
      lines.length = 0;
      window.damage();
    },
    close: () => window.close(),
  };

  const execute = async (line: string): Promise<void> => {
    write(PROMPT + line, 'prompt');
    if (line.trim() === '') return;
    const abort = new AbortController();
    running = abort;
    window.damage();
    try {
      await run(line, io, abort.signal);
    } finally {
      running = undefined;
      window.damage();
    }
  };

  write('Casement demo. Nothing here leaves this page. Type "help".', 'prompt');
  return {
    title: 'Terminal',
    cursor: 'text',
    resized(width, height) {
      columns = Math.max(10, Math.floor((width - 2 * PADDING) / cellWidth));
      rows = Math.max(2, Math.floor((height - 2 * PADDING) / LINE_HEIGHT));
    },
    key(key) {
      const letter = String.fromCharCode(key.keysym & 0xff).toLowerCase();
      if (key.control && letter === 'c') {
        if (running) running.abort();
        else editor.take();
        write('^C');
      } else if (key.control && letter === 'l') {
        io.clear();
      } else if (key.shift && (key.keysym === KEYSYM.pageUp || key.keysym === KEYSYM.pageDown)) {
        const step = key.keysym === KEYSYM.pageUp ? rows - 1 : 1 - rows;
        back = Math.max(0, Math.min(Math.max(0, lines.length - rows + 1), back + step));
        window.damage();
      } else if (!running && (key.keysym === KEYSYM.enter || key.keysym === KEYSYM.keypadEnter)) {
        void execute(editor.take());
      } else if (!running && editor.key(key)) {
        back = 0;
        window.damage();
      }
    },
    paste(text) {
      if (running) return;
      editor.insert(text);
      window.damage();
    },
    pointer(_x, _y, buttons) {
      const step = buttons & 8 ? 3 : buttons & 16 ? -3 : 0;
      if (step === 0) return;
      back = Math.max(0, Math.min(Math.max(0, lines.length - rows + 1), back + step));
      window.damage();
    },
    paint(context, width, height) {
      context.fillStyle = COLORS.back;
      context.fillRect(0, 0, width, height);
      context.font = FONT;
      context.textBaseline = 'middle';
      cellWidth = context.measureText('MMMMMMMMMM').width / 10;
      const input = running ? [] : promptLines(editor, columns);
      const all = [...lines, ...input];
      const first = Math.max(0, all.length - rows - back);
      all.slice(first, first + rows).forEach((line, row) => {
        paintLine(context, line, row, cellWidth);
      });
      if (!running && back === 0) paintCursor(context, editor, columns, lines.length - first, cellWidth);
    },
    closed: () => running?.abort(),
  };
}

function promptLines(editor: LineEditor, columns: number): Line[] {
  const text = `${PROMPT}${editor.text} `;
  const rows: Line[] = [];
  for (let at = 0; at < text.length; at += columns) rows.push({ text: text.slice(at, at + columns), color: 'text' });
  return rows;
}

/** Cell by cell, so that every column is where the cursor thinks it is. */
function paintLine(context: Context, { text, color }: Line, row: number, cellWidth: number): void {
  const y = PADDING + row * LINE_HEIGHT + LINE_HEIGHT / 2;
  context.fillStyle = COLORS[color];
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) !== ' ') context.fillText(text.charAt(i), PADDING + i * cellWidth, y);
  }
}

function paintCursor(context: Context, editor: LineEditor, columns: number, row: number, cellWidth: number): void {
  const at = PROMPT.length + editor.cursor;
  context.fillStyle = COLORS.cursor;
  context.globalAlpha = 0.7;
  context.fillRect(
    PADDING + (at % columns) * cellWidth,
    PADDING + (row + Math.floor(at / columns)) * LINE_HEIGHT + 1,
    cellWidth,
    LINE_HEIGHT - 2,
  );
  context.globalAlpha = 1;
}
