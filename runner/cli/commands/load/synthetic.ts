import { UsageError } from '../../../../engine/errors.js';
import type { Engine } from '../../../../engine/index.js';
import { requireDisposable } from '../../../../migrator/disposable.js';
import { capm, derivados, ipa, numbered, posModRf, sona, sources, ubs } from '../../../load/sources.js';
import type { Source } from '../../../load/sources.js';
import { syntheticDays } from '../../../load/synthetic-sources.js';
import type { SyntheticDay } from '../../../load/synthetic-sources.js';
import { syntheticFunds } from '../../../load/synthetic.js';
import type { SyntheticOptions } from '../../../load/synthetic.js';
import { ipaLine, writeFunds } from '../../../load/write.js';
import { quote } from '../../../quote.js';
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
  readonly sources: string | undefined;
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
  const names = readSources(argv.sources);
  await withEngine(argv, async (engine, out) => {
    await requireDisposable(engine, 'load --synthetic');
    const { lines, inserted, sources: counts } = await writeSynthetic(engine, options, out, names);
    out.table(
      ['source', 'lines', 'inserted'],
      Object.entries(counts).map(([name, count]) => [name, count.lines, count.inserted]),
    );
    out.print(`${options.funds} funds, ${lines} lines on ${options.dates} dates: ${inserted} lines inserted`);
    out.document({ ...options, lines, inserted, sources: counts });
  });
}

/** @throws UsageError on a name that is none of the six */
function readSources(text: string | undefined): readonly string[] {
  const all = sources.map(({ name }) => name);
  if (text === undefined) return all;
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const stranger = names.find((name) => !all.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(
      `--sources: ${quote(stranger)} is no source; write some of ${all.join(',')}, with commas between them`,
    );
  }
  return names;
}

/** Lines that one call carries: several funds' of a small source, so that it does not cost a call a fund. */
const linesPerCall = 4000;

interface Counts {
  readonly lines: number;
  readonly inserted: number;
}

/** Generates and loads, some thousand lines a call, so that any number of funds and dates stays small in memory. */
export async function writeSynthetic(
  engine: Engine,
  options: SyntheticOptions,
  out: Output,
  names: readonly string[] = sources.map(({ name }) => name),
): Promise<Counts & { readonly sources: Readonly<Record<string, Counts>> }> {
  const funds = syntheticFunds(options);
  await writeFunds(engine, funds);
  const loads = [
    new Load(ipa, engine, ({ positions }) => positions.map(ipaLine)),
    new Load(capm, engine, (day) => day.capm),
    new Load(posModRf, engine, (day) => day.posModRf),
    new Load(sona, engine, (day) => day.sona),
    new Load(derivados, engine, (day) => day.derivados),
    new Load(ubs, engine, (day) => day.ubs),
  ].filter(({ name }) => names.includes(name));
  const progress = out.progress('synthetic data', options.dates * funds.length);
  let done = 0;
  for (const day of syntheticDays(options)) {
    for (const load of loads) await load.add(day);
    done += 1;
    // in a pipe each update is a line
    if (out.live || done % funds.length === 0) progress.update(done, `${day.date} ${day.fund.shortName}`);
  }
  for (const load of loads) await load.flush();
  progress.stop();
  return {
    lines: loads.reduce((sum, { lines }) => sum + lines, 0),
    inserted: loads.reduce((sum, { inserted }) => sum + inserted, 0),
    sources: Object.fromEntries(loads.map(({ name, lines, inserted }) => [name, { lines, inserted }])),
  };
}

/** Collects a source's lines and writes them when they are enough for a call. */
class Load<Line> {
  lines = 0;
  inserted = 0;
  readonly name: string;
  readonly #source: Source<Line>;
  readonly #engine: Engine;
  readonly #linesOf: (day: SyntheticDay) => readonly Line[];
  #waiting: Line[] = [];

  constructor(source: Source<Line>, engine: Engine, linesOf: (day: SyntheticDay) => readonly Line[]) {
    this.name = source.name;
    this.#source = source;
    this.#engine = engine;
    this.#linesOf = linesOf;
  }

  async add(day: SyntheticDay): Promise<void> {
    this.#waiting.push(...this.#linesOf(day));
    if (this.#waiting.length >= linesPerCall) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const { inserted } = await this.#source.write(this.#engine, numbered(this.#waiting));
    this.lines += this.#waiting.length;
    this.inserted += inserted;
    this.#waiting = [];
  }
}
