import type { Engine } from '../../../../engine/index.js';
import { findHoldings, readAll } from '../../../load/folder.js';
import type { HoldingsFile } from '../../../load/holdings.js';
import { readPortfolios, writePositions } from '../../../load/write.js';
import type { Loaded } from '../../../load/sources.js';
import { defineCommand, withEngine } from '../../context.js';
import type { Output } from '../../output.js';
import { problemsError } from './report.js';

export const command = defineCommand<{ readonly path: string }>({
  command: 'holdings <path>',
  describe: 'load holdings from a CSV file, or from every holdings file of a folder',
  builder: (args) =>
    args
      .positional('path', { type: 'string', demandOption: true, describe: 'CSV file or folder' })
      .example('$0 load holdings samples/holdings', '')
      .epilogue(
        "Columns: date, fund, company, ticker, shares, market_value_usd, weight_pct. A file with a problem is not loaded at all; a folder's file without any of company, ticker, shares, market_value_usd and weight_pct is skipped.",
      ),
  handler: async (argv) => {
    const { files, skipped } = findHoldings(argv.path);
    await withEngine(argv, async (engine, out) => {
      for (const file of skipped)
        out.note(`${file}: skipped, it has none of the columns that only holdings have`);
      await loadHoldings(engine, files, out);
    });
  },
});

/**
 * Checks all files first, loads those without a problem, and reports every problem of the others.
 * @throws CommandError with all problems, after the good files were loaded
 */
export async function loadHoldings(engine: Engine, files: readonly string[], out: Output): Promise<void> {
  const all = readAll(files, await readPortfolios(engine));
  const good = all.filter(({ problems }) => problems.length === 0);
  const problems = all.flatMap((file) => file.problems);
  const loaded: { file: HoldingsFile; done: Loaded }[] = [];
  const progress = out.progress('holdings', good.length);
  for (const file of good) {
    loaded.push({ file, done: await writePositions(engine, file.positions) });
    if (good.length > 1) progress.update(loaded.length, file.file);
  }
  progress.stop();
  if (loaded.length > 0) {
    out.table(
      ['file', 'lines', 'inserted', 'replaced', ''],
      loaded.map(({ file, done }) => [
        file.file,
        file.positions.length,
        done.inserted,
        done.replaced,
        done.unchanged ? 'unchanged' : '',
      ]),
    );
  }
  if (problems.length > 0) {
    const bad = all.length - good.length;
    throw problemsError(
      problems,
      bad === 1 && all.length === 1
        ? 'nothing was loaded'
        : `of ${bad} of ${all.length} files nothing was loaded`,
    );
  }
  out.document({
    files: loaded.map(({ file, done }) => ({ file: file.file, lines: file.positions.length, ...done })),
  });
}
