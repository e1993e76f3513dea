import { ask } from './api.js';

/**
 * Reads a stream of Server-Sent Events. `EventSource` cannot send the token, so this is fetch; like it, it comes back after a
 * break and goes on behind the last event. Returns when `onEvent` returns true, or once `ended` says that a stream that ended
 * has no more to tell.
 */
export async function follow(path, { signal, onEvent, onState, ended }) {
  let lastId;
  let retryMs = 2000;
  let failures = 0;
  for (;;) {
    try {
      const answer = await ask(path, {
        signal,
        headers: lastId === undefined ? {} : { 'last-event-id': lastId },
      });
      onState('live');
      failures = 0;
      for await (const { id, event, data, retry } of eventsOf(answer.body)) {
        if (retry !== undefined) retryMs = retry;
        if (id !== undefined) lastId = id;
        if (data !== undefined && onEvent({ event, data: JSON.parse(data) }) === true)
          return onState('ended');
      }
      if (await ended()) return onState('ended');
    } catch (error) {
      if (signal.aborted) return;
      // what is refused now is refused again; what is broken may come back
      if (error.status >= 400 && error.status < 500 && error.status !== 429) throw error;
      failures += 1;
    }
    onState('broken');
    await wait(Math.min(retryMs * 2 ** Math.min(failures, 4), 30_000), signal);
    if (signal.aborted) return;
  }
}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += value;
      const parts = rest.split('\n\n');
      rest = parts.pop();
      for (const part of parts) yield parse(part);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(part) {
  const fields = {};
  for (const line of part.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields[name] = value;
  }
  return { ...fields, retry: fields.retry === undefined ? undefined : Number(fields.retry) };
}

function wait(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
