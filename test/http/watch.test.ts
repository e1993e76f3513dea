/** One look for all who watch or poll, and never an older answer behind a change. */
import t from 'tap';

import { Watch } from '../../runner/http/watch.js';

/** A watch whose looks are answered by hand. */
function byHand(everyMs: number) {
  const looks: { readonly answer: (value: string) => void; readonly fail: (error: Error) => void }[] = [];
  const watch = new Watch<string>(
    () =>
      new Promise((answer, fail) => {
        looks.push({ answer, fail });
      }),
    everyMs,
  );
  return { watch, looks };
}

t.test('many who poll get the answer of one look, at once from then on', async (t) => {
  const { watch, looks } = byHand(60_000);
  const asked = Array.from({ length: 100 }, () => watch.get(1n));
  t.equal(looks.length, 1);
  looks[0]?.answer('first');
  t.same(new Set(await Promise.all(asked)), new Set(['first']));
  t.equal(await watch.get(1n), 'first');
  void watch.get(2n).catch(() => undefined);
  t.equal(looks.length, 2, 'another one is looked at by itself');
});

t.test('behind a change nobody is told what was seen before it', async (t) => {
  const { watch, looks } = byHand(60_000);
  const first = watch.get(1n);
  looks[0]?.answer('before');
  await first;
  watch.forget(1n);
  const second = watch.get(1n);
  t.equal(looks.length, 2);
  // changed again while a look is under way: that one may have seen either
  watch.forget(1n);
  const third = watch.get(1n);
  t.equal(looks.length, 2);
  looks[1]?.answer('between');
  await new Promise(setImmediate);
  t.equal(looks.length, 3);
  looks[2]?.answer('after');
  t.same(await Promise.all([second, third]), ['after', 'after']);
});

t.test('a look that fails is told to who asked, and kept by nobody', async (t) => {
  const { watch, looks } = byHand(60_000);
  const first = watch.get(1n);
  looks[0]?.fail(new Error('away'));
  await t.rejects(first, { message: 'away' });
  const second = watch.get(1n);
  t.equal(looks.length, 2);
  looks[1]?.answer('back');
  t.equal(await second, 'back');
});

t.test('who watches sees each look, and those who poll what was seen', async (t) => {
  const { watch, looks } = byHand(1);
  const stop = new AbortController();
  const watched = watch.watch(1n);
  const next = watched.next(stop.signal);
  t.equal(looks.length, 1, 'at once');
  looks[0]?.answer('one');
  t.equal(await next, 'one');
  t.equal(await watch.get(1n), 'one');
  const later = watched.next(stop.signal);
  while (looks.length < 2) await new Promise(setImmediate);
  looks[1]?.answer('two');
  t.equal(await later, 'two');
  const never = watched.next(stop.signal);
  stop.abort();
  t.equal(await never, undefined);
  watched.release();
});
