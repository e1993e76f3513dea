import { SingleBar } from 'cli-progress';

/** How far something is: a bar on a terminal, lines in a pipe. */
export interface Progress {
  /** Sets how much is done, what to say beside the bar, and of how much, where that grows. */
  update(done: number, label?: string, total?: number): void;
  /** In a pipe, lines that are worth one each (a fund has ended); on a terminal the label beside the bar. */
  line(text: string): void;
  /** Ends the bar where it is. */
  stop(): void;
}

export function createProgress(title: string, total: number, where: 'stdout' | 'none'): Progress {
  if (where === 'none') return { update: nothing, line: nothing, stop: nothing };
  return process.stdout.isTTY ? bar(title, total) : lines(title, total);
}

function nothing(): void {
  // said on purpose: no progress is wanted
}

function bar(title: string, total: number): Progress {
  const drawn = new SingleBar({
    format: `${title} [{bar}] {value}/{total} {duration_formatted} {label}`,
    barsize: 24,
    hideCursor: true,
    stream: process.stdout,
    // Ctrl-C is ours: the bar must neither take it nor leave the cursor hidden, which stop() sees to
    gracefulExit: false,
    etaBuffer: 20,
    // notes go above the bar, and it must come back below them
    forceRedraw: true,
    emptyOnZero: true,
  });
  drawn.start(total, 0, { label: '' });
  return {
    update(done, label, of) {
      if (of !== undefined) drawn.setTotal(of);
      drawn.update(done, label === undefined ? {} : { label });
    },
    line(text) {
      drawn.update({ label: text });
    },
    stop() {
      drawn.update({ label: '' });
      // stop() goes back to where the bar began; notes have moved it down since, so that it must be saved anew. With the
      // wrapping of lines on again, which is saved along with the place
      process.stdout.write('\u001b[?7h\u001b7');
      drawn.stop();
    },
  };
}

function lines(title: string, total: number): Progress {
  let last = 0;
  return {
    update(done, label, of = total) {
      // a label is news even where somebody else has counted it before
      if (done === last && label === undefined) return;
      last = done;
      process.stdout.write(`${title} ${done}/${of}${label === undefined ? '' : ` ${label}`}\n`);
    },
    line(text) {
      process.stdout.write(`${title} ${text}\n`);
    },
    stop: nothing,
  };
}
