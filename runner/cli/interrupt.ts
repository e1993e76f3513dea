/** What Ctrl-C (or SIGTERM or SIGHUP, which count as one Ctrl-C) does while a command has something better to do than exit. */
export type InterruptHandler = (times: number) => void;

let handler: InterruptHandler | undefined;
let times = 0;
let listening = false;

/** The exit code of an interrupted command. */
export const interrupted = 130;

/** Until taken over by `onInterrupt`, Ctrl-C exits at once with 130; the server rolls back what was under way. */
export function listenForInterrupts(): void {
  if (listening) return;
  listening = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      times += 1;
      if (signal === 'SIGHUP') ignoreLostTerminal();
      if (handler === undefined) process.exit(interrupted);
      handler(times);
    });
  }
}

/** A terminal that was closed answers every write with an error; that must not end the process before it has given back. */
function ignoreLostTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.isTTY) continue;
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}

/** From now on Ctrl-C calls `take` with how often it was pressed; the returned function gives the default back. */
export function onInterrupt(take: InterruptHandler): () => void {
  listenForInterrupts();
  const before = handler;
  times = 0;
  handler = take;
  return () => {
    handler = before;
  };
}
