import type { Worker } from '../worker.js';
import { interrupted, onInterrupt } from './interrupt.js';
import type { Output } from './output.js';

/** After the second Ctrl-C the worker has two seconds to give its leases back; then the process goes, whatever hangs. */
const lastCallMs = 3000;

/**
 * Runs a worker until it is done or interrupted. Once: no new claims, what runs finishes its service, leases go back.
 * Twice: statements are cancelled, leases go back. Three times: at once; the leases expire.
 * @param what what runs and is finished first, as its people call it
 * @returns whether it was interrupted
 */
export async function workUntilInterrupted(worker: Worker, out: Output, what = 'services'): Promise<boolean> {
  let times = 0;
  const release = onInterrupt((count) => {
    times = count;
    if (count === 1) {
      out.warn(`stopping: running ${what} finish first; Ctrl-C again stops at once`);
      worker.stop();
    } else if (count === 2) {
      out.warn('stopping at once');
      worker.stopNow();
      setTimeout(() => process.exit(interrupted), lastCallMs).unref();
    } else {
      process.exit(interrupted);
    }
  });
  try {
    await worker.run();
  } finally {
    release();
  }
  return times > 0;
}
