import type { CommandModule } from 'yargs';

import type { Engine } from '../../../../engine/index.js';
import { claim, findFiles } from '../../../load/folder.js';
import { isForeignTo, readSource } from '../../../load/source-file.js';
import type { SourceFile } from '../../../load/source-file.js';
import { capm, columnNames, derivados, ipa, posModRf, sona, ubs } from '../../../load/sources.js';
import type { Loaded, Source } from '../../../load/sources.js';
import { unknownPortfolios } from '../../../load/write.js';
import { defineCommand, withEngine } from '../../context.js';
import type { Output } from '../../output.js';
import { problemsError } from './report.js';

/** `carril load ipa`, `carril load capm` and so on: one command for each of the six sources. */
export const sourceCommands: readonly CommandModule[] = [
  sourceCommand(ipa),
  sourceCommand(capm),
  sourceCommand(posModRf),
  sourceCommand(sona),
  sourceCommand(derivados),
  sourceCommand(ubs),
];

function sourceCommand<Line>(source: Source<Line>): CommandModule {
  const needed = Object.values<(typeof source.columns)[keyof Line]>(source.columns).filter(
    ({ blank }) => !blank,
  );
  return defineCommand<{ readonly path: string }>({
    command: `${source.name} <path>`,
    describe: `load ${source.table}, ${source.what}, from a CSV file or a folder of them`,
    builder: (args) =>
      args
        .positional('path', { type: 'string', demandOption: true, describe: 'CSV file or folder' })
        .example(`$0 load ${source.name} samples/sources/${source.name}.csv`, '')
        .epilogue(
          `The first line names the columns: ${columnNames(source).join(', ')}. Those that no cell may leave empty: ${needed
            .map(({ name }) => name)
            .join(
              ', ',
            )}. Portfolio is the fund's ${source.code.column}.${source.note === undefined ? '' : ` ${source.note}`} All rows of each date and portfolio in the files are replaced; nothing is loaded when anything is wrong. A folder's file with the columns of another source, or of none, is skipped.`,
        ),
    handler: async (argv) => {
      const { files, skipped } = findFiles(argv.path, source.table, (header) => isForeignTo(source, header));
      const read = readFiles(source, files);
      await withEngine(argv, async (engine, out) => {
        for (const file of skipped)
          out.note(`${file}: skipped, its columns are not those of ${source.table}`);
        await loadFiles(engine, source, read, out);
      });
    },
  });
}

/**
 * Reads and checks all files.
 * @throws CommandError with every problem of all of them
 */
function readFiles<Line>(source: Source<Line>, files: readonly string[]): readonly SourceFile<Line>[] {
  const owners = new Map<string, string>();
  const read = files.map((file) => readSource(source, file));
  const problems = read.flatMap((file) => [...file.problems, ...claim(owners, file.file, file.pairs.keys())]);
  if (problems.length > 0) throw problemsError(problems, 'nothing was loaded');
  return read;
}

async function loadFiles<Line>(
  engine: Engine,
  source: Source<Line>,
  files: readonly SourceFile<Line>[],
  out: Output,
): Promise<void> {
  const strangers = await unknownPortfolios(
    engine,
    source.code,
    files.flatMap(({ pairs }) => [...pairs.values()]),
  );
  if (strangers.length > 0) {
    out.warn(
      `no fund has ${source.code.column} ${strangers.join(', ')}: what is loaded for it, no run will read`,
    );
  }
  const loaded: ({ file: string; lines: number } & Loaded)[] = [];
  const progress = out.progress(source.table, files.length);
  for (const { file, lines } of files) {
    loaded.push({ file, lines: lines.length, ...(await source.write(engine, lines)) });
    if (files.length > 1) progress.update(loaded.length, file);
  }
  progress.stop();
  out.table(
    ['file', 'lines', 'inserted', 'replaced', ''],
    loaded.map(({ file, lines, inserted, replaced, unchanged }) => [
      file,
      lines,
      inserted,
      replaced,
      unchanged ? 'unchanged' : '',
    ]),
  );
  out.document({ source: source.name, files: loaded });
}
