/**
 * The legacy and the hierarchical architecture under one load, rounds interleaved, in a scratch database beside the
 * target's: both sides are the product's own, on the same lanes.
 */
import type { ConnectionTarget, Engine } from '../../engine/index.js';
import { createMigrator } from '../../migrator/index.js';
import { quoteName } from '../../runner/cli/commands/db/targets.js';
import { writeSynthetic } from '../../runner/cli/commands/load/synthetic.js';
import { openDatabase } from '../../runner/cli/open-database.js';
import type { Output } from '../../runner/cli/output.js';
import { withScratchDatabase } from '../../runner/cli/scratch-database.js';
import type { Architecture } from '../../runner/process.js';
import { contentionFigures } from '../figures/contention.js';
import { newestMigration, surroundings } from '../record.js';
import type { Recording } from '../recording.js';
import { withCensus } from './census.js';
import { loadName, runLoad } from './load.js';
import type { Census, Round, SlowStatement } from './model.js';
import { openProbe } from './probe.js';
import { keepSlowest, roundOf } from './round.js';

export interface ContentionOptions {
  readonly architectures: readonly Architecture[];
  readonly funds: number;
  /** More than one: as many rounds with each, which shows how both sides grow. */
  readonly lanes: readonly number[];
  readonly positions: number;
  readonly seed: number;
  /** So many a side, or as many as begin within `minutes`. */
  readonly rounds: number | undefined;
  readonly minutes: number | undefined;
  /** True once no further round should begin. */
  readonly stopping: () => boolean;
}

export type Contention = Omit<Recording, 'label'>;

/** Of the generated positions. */
export const date = '2024-06-28';

export async function contention(
  target: ConnectionTarget,
  options: ContentionOptions,
  out: Output,
): Promise<Contention> {
  const live = await openDatabase(target, { appName: 'carril bench', poolMax: 1 });
  try {
    return await withScratchDatabase(
      target,
      live,
      async (watcher, where) => {
        await createMigrator(watcher).up();
        await countFunctions(watcher, String(where.database));
        const { funds, positions, seed, lanes } = options;
        const { lines } = await writeSynthetic(watcher, { funds, positions, seed, date, dates: 1 }, out);
        await watcher.batch(watcher.dialect === 'sqlserver' ? 'EXEC sp_updatestats' : 'ANALYZE', {
          timeoutMs: 0,
        });
        const measured = await measure(watcher, where, options, out);
        return {
          benchmark: 'contention',
          schema: 1,
          ...(await surroundings(live)),
          migration: await newestMigration(watcher),
          data: {
            funds,
            positions,
            lines,
            lanes: lanes.length === 1 ? (lanes[0] ?? 0) : lanes.join(','),
            seed,
            date,
          },
          ...measured,
          figures: contentionFigures(measured),
        };
      },
      'bench',
    );
  } finally {
    await live.close();
  }
}

/** PostgreSQL's count of each function's own time, where this login may turn it on: sessions from now on. */
async function countFunctions(watcher: Engine, database: string): Promise<void> {
  if (watcher.dialect !== 'postgres') return;
  await watcher
    .batch(`ALTER DATABASE ${quoteName(watcher, database)} SET track_functions = 'pl'`)
    .catch(() => undefined);
}

/** The rounds, on a database that has been migrated and loaded, and that nobody else works on. */
export async function measure(
  watcher: Engine,
  where: ConnectionTarget,
  options: ContentionOptions,
  out: Output,
): Promise<Pick<Contention, 'census' | 'statements' | 'rounds' | 'remarks'>> {
  const { architectures, lanes: widths } = options;
  const rounds: Round[] = [];
  const census: Census[] = [];
  const remarks = new Set<string>();
  let statements: readonly SlowStatement[];
  const probe = await openProbe(watcher, where, loadName);
  const ends = options.minutes === undefined ? undefined : performance.now() + options.minutes * 60_000;
  const total = options.rounds ?? 0;
  const progress = out.progress('rounds', total * architectures.length * widths.length);
  const round = async (architecture: Architecture, n: number, lanes: number): Promise<Round> => {
    await probe.begin();
    const load = await runLoad(where, { date, lanes, architecture });
    const { remarks: said, ...reading } = await probe.end(load.notes.deadlocks);
    for (const remark of said) remarks.add(remark);
    const done = roundOf(architecture, n, options.funds, load, reading);
    return widths.length === 1 ? done : { ...done, lanes };
  };
  try {
    // the first run of each side is not timed: it warms the caches, and where rows can be counted it counts them
    for (const architecture of architectures) {
      const warm = () => runLoad(where, { date, lanes: widths[0] ?? 1, architecture }).then(() => undefined);
      if (watcher.dialect === 'postgres') census.push(await withCensus(watcher, architecture, warm));
      else await warm();
    }
    for (let n = 1; ; n += 1) {
      if (options.stopping() || (ends === undefined ? n > total : performance.now() > ends && n > 1)) break;
      // who begins changes from round to round
      const [sides, ways] =
        n % 2 === 1 ? [architectures, widths] : [architectures.toReversed(), widths.toReversed()];
      for (const lanes of ways) {
        for (const architecture of sides) {
          const done = await round(architecture, n, lanes);
          rounds.push(done);
          const where_ = widths.length === 1 ? '' : `, ${lanes} lanes`;
          progress.update(
            rounds.length,
            `${architecture} ${n}${where_}: ${Math.round(done.makespan_ms)} ms`,
            ends === undefined ? undefined : rounds.length,
          );
        }
      }
    }
    statements = (await probe.slowest?.()) ?? [];
  } finally {
    progress.stop();
    await probe.close();
  }
  return { census, statements, rounds: keepSlowest(rounds), remarks: [...remarks] };
}
