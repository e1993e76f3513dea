import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface SpawnOptions {
  /** Besides this process's own, from which every CARRIL_* variable is taken out first. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads from its standard input; nothing when left out. */
  readonly input?: string;
  /** In a process group of its own, as a terminal would have it: `signalGroup` then reaches it and its children. */
  readonly detached?: boolean;
}

export interface CarrilResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CarrilProcess {
  readonly pid: number;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** As Ctrl-C in a terminal: every process of its group gets the signal. Needs `detached`. */
  readonly signalGroup: (signal: NodeJS.Signals) => void;
  /** Resolves when it has ended; never rejects. */
  readonly done: Promise<CarrilResult>;
}

const main = fileURLToPath(new URL('../../runner/cli/main.js', import.meta.url));

/** Starts the command line as a child process: `spawnCarril(['run', '--date', '2021-05-07'], { env: db.env })`. */
export function spawnCarril(args: readonly string[], options: SpawnOptions = {}): CarrilProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CARRIL_|NODE_OPTIONS$|_?TAP)/.test(name),
  );
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: { ...Object.fromEntries(inherited), ...options.env },
    detached: options.detached ?? false,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {
    // it ended before it read
  });
  child.stdin.end(options.input ?? '');
  const pid = child.pid ?? 0;
  const done = new Promise<CarrilResult>((resolve) => {
    child.on('error', (error) => {
      resolve({ code: null, signal: null, stdout, stderr: `${stderr}${error.message}` });
    });
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    pid,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => child.kill(signal),
    signalGroup: (signal) => {
      process.kill(-pid, signal);
    },
    done,
  };
}

/** Runs the command line to its end. */
export async function runCarril(args: readonly string[], options: SpawnOptions = {}): Promise<CarrilResult> {
  return await spawnCarril(args, options).done;
}
