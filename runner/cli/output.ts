import { createLogUpdate } from 'log-update';

import { createProgress } from './progress.js';
import type { Progress } from './progress.js';
import { layOut } from './table.js';
import type { Cell, TableContent } from './table.js';

/** Where a command's words go: text on stdout, or with `--json` one document on stdout and notes on stderr. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether progress is drawn on a terminal, and redrawn: then it says what in a pipe takes a line each. */
  readonly live: boolean;
  /** A line of the result on stdout; nothing with `--json`. */
  print(line?: string): void;
  /**
   * A table of the result on stdout, numbers to the right; nothing with `--json`.
   * @param narrow the same for a terminal that `head` and `rows` are too wide for
   */
  table(head: readonly string[], rows: readonly (readonly Cell[])[], narrow?: TableContent): void;
  /** The result as one JSON document on stdout (bigint as string, instants in ISO 8601); nothing without `--json`. */
  document(value: unknown): void;
  /** What is going on, not the result: stdout, with `--json` stderr; nothing with `--quiet`. */
  note(line: string): void;
  /** A warning on stderr, always. */
  warn(line: string): void;
  /** A bar on a terminal, plain lines in a pipe, nothing with `--json` or `--quiet`. */
  progress(title: string, total: number): Progress;
  /** Lines on a terminal that are drawn again and again; undefined where there is none, or with `--json` or `--quiet`. */
  board(): Board | undefined;
  /** Takes down what is still drawn on the terminal. */
  stop(): void;
}

type LogUpdate = ReturnType<typeof createLogUpdate>;

/** Lines below everything else that is said, until they are taken down. */
export interface Board {
  draw(text: string): void;
  stop(): void;
}

export function createOutput(options: { json: boolean; quiet: boolean }): Output {
  const { json, quiet } = options;
  const drawn = new Set<Progress>();
  const boards = new Map<Board, LogUpdate & { text: string }>();
  const live = process.stdout.isTTY && !json && !quiet;
  /** A line above what is drawn: the bar's line is cleared for it, and the bar draws itself again below. */
  const write = (line: string, stream: NodeJS.WriteStream = process.stdout) => {
    if (live && drawn.size > 0) process.stdout.write('\r\u001b[2K');
    for (const board of boards.values()) board.clear();
    stream.write(`${line}\n`);
    for (const [board, { text }] of boards) board.draw(text);
  };
  return {
    json,
    quiet,
    live,
    print(line = '') {
      if (!json) write(line);
    },
    table(head, rows, narrow) {
      if (!json)
        write(layOut({ head, rows }, narrow, process.stdout.isTTY ? process.stdout.columns : undefined));
    },
    document(value) {
      if (json) write(toJson(value));
    },
    note(line) {
      if (quiet) return;
      write(line, json ? process.stderr : process.stdout);
    },
    warn(line) {
      write(line, process.stderr);
    },
    progress(title, total) {
      const progress = createProgress(title, total, json || quiet ? 'none' : 'stdout');
      const shown: Progress = {
        ...progress,
        stop() {
          if (drawn.delete(shown)) progress.stop();
        },
      };
      drawn.add(shown);
      return shown;
    },
    board() {
      if (!live) return undefined;
      // the cursor stays: whoever hides it listens to signals, which are ours
      const lines = Object.assign(createLogUpdate(process.stdout, { showCursor: true }), { text: '' });
      const board: Board = {
        draw(text) {
          lines.text = text;
          lines(text);
        },
        stop() {
          if (!boards.delete(board)) return;
          lines.clear();
          lines.done();
        },
      };
      boards.set(board, lines);
      return board;
    },
    stop() {
      for (const progress of [...drawn]) progress.stop();
      for (const board of [...boards.keys()]) board.stop();
    },
  };
}

/** JSON as the command line writes it: bigint as a string, instants in ISO 8601 and UTC, indented by two. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item),
    2,
  );
}
