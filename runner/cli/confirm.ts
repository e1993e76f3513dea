import { createInterface } from 'node:readline/promises';

import { UsageError } from '../../engine/errors.js';
import { canAsk } from './ask-password.js';
import { SilentFailure } from './errors.js';
import { interrupted } from './interrupt.js';

/**
 * Asks on the terminal whether to go on; anything but yes is no.
 * @throws UsageError where nobody can be asked: there `--yes` is the answer
 */
export async function confirm(question: string): Promise<boolean> {
  if (!canAsk()) throw new UsageError(`${question} Nobody can be asked here: say --yes`);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C comes as a key, and Ctrl-D as the end: without these the question would never be settled
  const left = new Promise<never>((_resolve, reject) => {
    prompt.once('SIGINT', () => {
      reject(new SilentFailure(interrupted));
    });
    prompt.once('close', () => {
      reject(new SilentFailure(interrupted));
    });
  });
  left.catch(() => undefined);
  const answer = prompt.question(`${question} [y/N] `);
  answer.catch(() => undefined);
  try {
    return /^y(es)?$/i.test((await Promise.race([answer, left])).trim());
  } finally {
    prompt.close();
  }
}
