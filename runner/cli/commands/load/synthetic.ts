import type { Engine } from '../../../../engine/index.js';
import { requireDisposable } from '../../../../migrator/disposable.js';
import { syntheticFunds, syntheticPositions } from '../../../load/synthetic.js';
import type { SyntheticOptions } from '../../../load/synthetic.js';
import { writeFunds, writePositions } from '../../../load/write.js';
import { withEngine } from '../../context.js';
import type { GlobalOptions } from '../../context.js';
import { parseCount, parseDate } from '../../durations.js';
import type { Output } from '../../output.js';

export interface SyntheticArguments {
  readonly synthetic: boolean | undefined;
  readonly funds: string | number;
  readonly positions: string | number;
  readonly seed: string | number;
  readonly date: string;
  readonly dates: string | number;
}

/** `carril load --synthetic`. */
export async function loadSynthetic(argv: GlobalOptions & SyntheticArguments): Promise<void> {
  const options: SyntheticOptions = {
    funds: parseCount(argv.funds, '--funds', 1, 10_000),
    positions: parseCount(argv.positions, '--positions', 1, 100_000),
    seed: parseCount(argv.seed, '--seed', 0, 2 ** 32 - 1),
    date: parseDate(argv.date, '--date'),
    dates: parseCount(argv.dates, '--dates', 1, 1000),
  };
  await withEngine(argv, async (engine, out) => {
    await requireDisposable(engine, 'load --synthetic');
    const { lines, inserted } = await writeSynthetic(engine, options, out);
    out.print(`${options.funds} funds, ${lines} lines on ${options.dates} dates: ${inserted} lines inserted`);
    out.document({ ...options, lines, inserted });
  });
}

/** Generates and loads, one call a fund and date, so that any number of them stays small in memory. */
export async function writeSynthetic(
  engine: Engine,
  options: SyntheticOptions,
  out: Output,
): Promise<{ lines: number; inserted: number }> {
  const funds = syntheticFunds(options);
  await writeFunds(engine, funds);
  const progress = out.progress('synthetic holdings', options.dates * funds.length);
  let [done, lines, inserted] = [0, 0, 0];
  for (const { fund, date, positions } of syntheticPositions(options)) {
    const loaded = await writePositions(engine, positions);
    lines += positions.length;
    inserted += loaded.inserted;
    done += 1;
    if (done % funds.length === 0) progress.update(done, `${date} ${fund.shortName}`);
  }
  progress.stop();
  return { lines, inserted };
}
