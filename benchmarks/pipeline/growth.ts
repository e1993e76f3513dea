import type { Engine } from '../../engine/index.js';
import { weekdaysUntil } from '../../runner/dates.js';
import { writeSynthetic } from '../../runner/cli/commands/load/synthetic.js';
import { syntheticFunds } from '../../runner/load/synthetic.js';
import type { Output } from '../../runner/cli/output.js';
import { processWorker, startProcess } from '../../runner/process.js';
import { readResults } from '../../runner/results.js';
import { median } from '../statistics.js';
import { round } from '../measured-engine.js';

export interface GrowthOptions {
  readonly funds: number;
  readonly positions: number;
  readonly dates: number;
  readonly seed: number;
  readonly lanes: number;
  /** The last date. */
  readonly date: string;
}

/** One date: what was stored before it, and how long it took. */
export interface GrowthDate {
  readonly date: string;
  readonly state: string;
  /** Rows of staging.IPA_Final when it began. */
  readonly stored_rows: number;
  readonly load_s: number;
  readonly start_s: number;
  readonly run_s: number;
}

export interface Growth {
  readonly dates: readonly GrowthDate[];
  /** The last date's run over the first's. */
  readonly last_over_first: number;
  /** The median of the last three dates' runs over that of the first three: one slow date is not growth. */
  readonly last_three_over_first_three: number;
}

async function runDate(
  engine: Engine,
  date: string,
  { lanes }: GrowthOptions,
  funds: readonly string[] = [],
): Promise<Pick<GrowthDate, 'state' | 'start_s' | 'run_s'>> {
  const starting = performance.now();
  const process = await startProcess(engine, date, funds);
  const running = performance.now();
  await processWorker(engine, process, { lanes }).run();
  const ended = performance.now();
  const { process: seen } = await readResults(engine, process.id);
  return {
    state: seen.state,
    start_s: round((running - starting) / 1000),
    run_s: round((ended - running) / 1000),
  };
}

/** Loads and runs date after date into one database. Every date has the same amount of data. */
export async function growth(engine: Engine, options: GrowthOptions, out: Output): Promise<Growth> {
  const dates: GrowthDate[] = [];
  const funds = syntheticFunds({ ...options, dates: 1 }).map(({ shortName }) => shortName);
  for (const date of weekdaysUntil(options.date, options.dates)) {
    const loading = performance.now();
    await writeSynthetic(engine, { ...options, date, dates: 1 }, out);
    const loaded = performance.now();
    // connections, plans and pages of the first date are nobody's growth
    if (dates.length === 0) await runDate(engine, date, options, funds.slice(0, options.lanes));
    const [stored] = await engine.query('SELECT COUNT(*)::int AS n FROM staging.IPA_Final');
    const measured = {
      date,
      stored_rows: Number(stored?.['n']),
      load_s: round((loaded - loading) / 1000),
      ...(await runDate(engine, date, options)),
    };
    dates.push(measured);
    out.note(
      `${date}: ${measured.state} in ${measured.run_s} s, beside ${measured.stored_rows} rows of IPA_Final`,
    );
  }
  const seconds = dates.map(({ run_s }) => run_s);
  return {
    dates,
    last_over_first: round((seconds.at(-1) ?? 0) / (seconds[0] ?? 1)),
    last_three_over_first_three: round(median(seconds.slice(-3)) / median(seconds.slice(0, 3))),
  };
}
