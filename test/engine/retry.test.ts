import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ProcedureError } from '../../engine/index.js';
import { withRetry } from '../../engine/retry.js';
import type { Progress, RetryEvent } from '../../engine/retry.js';
import { Slots } from '../../engine/slots.js';

const deadlock = new ProcedureError('deadlock', { code: 'DEADLOCK', retryable: true });
const lost = new ProcedureError('lost', { code: 'CONNECTION', retryable: true });

/** Fails so many times, then answers how often it was tried. */
function failing(times: number, error: Error, begins = true): (progress: Progress) => Promise<number> {
  let tried = 0;
  return async (progress) => {
    await Promise.resolve();
    progress.began = begins;
    tried += 1;
    if (tried <= times) throw error;
    return tried;
  };
}

await t.test('what was rolled back is tried again, a bounded number of times', async (t) => {
  const events: RetryEvent[] = [];
  const onRetry = (event: RetryEvent): void => void events.push(event);
  t.equal(await withRetry(failing(4, deadlock), { onRetry, baseMs: 1, procedure: 'a.b' }), 5);
  t.match(
    events,
    [1, 2, 3, 4].map((attempt) => ({ attempt, error: deadlock, procedure: 'a.b' })),
  );
  await t.rejects(withRetry(failing(5, deadlock), { baseMs: 1 }), deadlock);
  const final = new ProcedureError('final', { code: 'DATABASE' });
  t.equal(await withRetry(failing(0, final), {}), 1);
  await t.rejects(withRetry(failing(1, final), { idempotent: true }), final);
  await t.rejects(withRetry(failing(1, new TypeError('bug')), { idempotent: true }), TypeError);
});

await t.test('a lost connection: only before the statement began, or when idempotent', async (t) => {
  await t.rejects(withRetry(failing(1, lost), { baseMs: 1 }), lost);
  t.equal(await withRetry(failing(1, lost), { baseMs: 1, idempotent: true }), 2);
  t.equal(await withRetry(failing(1, lost, false), { baseMs: 1 }), 2);
});

await t.test('delays have full jitter and a cap; a signal ends them', async (t) => {
  const delays: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    await withRetry(failing(4, deadlock), {
      baseMs: 2,
      capMs: 5,
      onRetry: ({ attempt, delayMs }) => {
        if (attempt === 4) delays.push(delayMs);
      },
    });
  }
  t.ok(delays.every((delay) => delay >= 0 && delay <= 5));
  t.ok(new Set(delays).size > 1);
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort(new Error('enough'));
  }, 10);
  const waiting = withRetry(failing(9, deadlock), { baseMs: 1e6, capMs: 1e6, signal: controller.signal });
  await t.rejects(waiting, { message: 'enough' });
});

await t.test('slots: so many at a time, in order', async (t) => {
  const slots = new Slots(2);
  const first = await slots.take();
  const second = await slots.take();
  const order: number[] = [];
  const third = slots.take().then((free) => (order.push(3), free));
  const controller = new AbortController();
  const left = slots.take(controller.signal);
  const fourth = slots.take().then((free) => (order.push(4), free));
  controller.abort(new Error('left'));
  await t.rejects(left, { message: 'left' });
  t.same(order, []);
  first();
  first();
  (await third)();
  (await fourth)();
  t.same(order, [3, 4]);
  let idle = false;
  const waiting = slots.idle().then(() => {
    idle = true;
  });
  await sleep(5);
  t.notOk(idle);
  second();
  await waiting;
  await slots.idle();
  await t.rejects(slots.take(AbortSignal.abort(new Error('before'))), { message: 'before' });
});
