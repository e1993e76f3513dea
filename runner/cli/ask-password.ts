import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { UsageError } from '../../engine/errors.js';
import { SilentFailure } from './errors.js';

/** Whether somebody sits there: the answer is read from stdin, and the question goes to stderr. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks for a password on the terminal, without showing it.
 * @throws UsageError when there is no terminal to ask on, or nothing was typed
 */
export async function askPassword(): Promise<string> {
  if (!canAsk()) {
    throw new UsageError('--ask-password needs a terminal; elsewhere use CARRIL_DATABASE_URL');
  }
  process.stderr.write('Password: ');
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  // the terminal is in raw mode: Ctrl-C comes as a key, and without these two the question would never be settled
  const given = new Promise<never>((_resolve, reject) => {
    prompt.once('SIGINT', () => {
      reject(new SilentFailure(130));
    });
    prompt.once('close', () => {
      reject(new UsageError('no password was typed'));
    });
  });
  given.catch(() => undefined);
  const answer = prompt.question('');
  answer.catch(() => undefined);
  try {
    const password = await Promise.race([answer, given]);
    if (password === '') throw new UsageError('no password was typed');
    return password;
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}
