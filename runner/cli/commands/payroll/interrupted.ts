import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';

/** Ctrl-C between two calls of something that goes in bounded calls: what is done stays, the rest is not begun. */
export interface Interruptible {
  readonly signal: AbortSignal;
  /** What is left behind, said when it is interrupted. */
  what: string;
  /** The exit code of what was interrupted. @throws what was no interruption */
  codeOf(error: unknown): number;
  release(): void;
}

export function abortOnInterrupt(out: Output, what = 'nothing is left half-done'): Interruptible {
  const controller = new AbortController();
  const release = onInterrupt((times) => {
    if (times > 1) process.exit(interrupted);
    out.warn('stopping after this call; Ctrl-C again stops at once');
    controller.abort(new Error('interrupted'));
  });
  return {
    signal: controller.signal,
    what,
    codeOf(error) {
      if (!controller.signal.aborted) throw error;
      out.note(`interrupted; ${this.what}`);
      return interrupted;
    },
    release,
  };
}
