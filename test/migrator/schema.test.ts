import t from 'tap';

import { catalogSnapshot, compareSnapshots, createMigrator } from '../../migrator/index.js';
import type { Snapshot } from '../../migrator/index.js';
import { emptyDatabase } from './support.js';

t.setTimeout(180_000);

/** carril's own migrations and procedures, on an empty PostgreSQL database. */
void t.test('up, down to nothing and up again leave the same schema', async (t) => {
  const { engine } = await emptyDatabase(t);
  const migrator = createMigrator(engine);
  const empty = await catalogSnapshot(engine);
  await migrator.up();
  const full = await catalogSnapshot(engine);
  t.ok(full.length > 100, `${full.length} objects`);
  t.same(
    (await migrator.verify()).filter(({ ok }) => !ok),
    [],
  );
  await migrator.down({ to: 0 });
  t.same(compareSnapshots(empty, await catalogSnapshot(engine)), [], 'nothing of ours is left');
  await migrator.up();
  t.same(compareSnapshots(full, await catalogSnapshot(engine)), []);
});

void t.test('every migration on its own, in both directions', async (t) => {
  const { engine } = await emptyDatabase(t);
  const migrator = createMigrator(engine);
  const numbers = (await migrator.status()).migrations.map(({ number }) => number);
  const at = new Map<number, Snapshot>([[0, await catalogSnapshot(engine)]]);
  for (const number of numbers) {
    await migrator.up({ to: number });
    at.set(number, await catalogSnapshot(engine));
    t.same(
      (await migrator.verify()).filter(({ ok }) => !ok),
      [],
      `verified at ${number}`,
    );
  }
  for (const [i, number] of [...numbers.entries()].reverse()) {
    const below = numbers[i - 1] ?? 0;
    await migrator.down();
    const down = await catalogSnapshot(engine);
    t.same(compareSnapshots(at.get(below) ?? [], down), [], `${number} reverted: as it was at ${below}`);
    await migrator.up({ to: number });
    const up = await catalogSnapshot(engine);
    t.same(compareSnapshots(at.get(number) ?? [], up), [], `${number} applied again: as it was`);
    await migrator.down();
  }
});
