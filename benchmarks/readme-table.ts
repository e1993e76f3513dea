import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../engine/index.js';
import { shownWith } from './figure.js';
import { benchmarks } from './figures/index.js';
import { listRecordings } from './recording.js';
import type { Listed } from './recording.js';
import { goalText, intervalText } from './show-figures.js';
import { median } from './statistics.js';

const [begins, ends] = ['<!-- npm run bench: begins -->', '<!-- npm run bench: ends -->'];

/** Puts the table of the newest recordings between the README's two comments. True when that changed it. */
export async function writeReadmeTable(folder: string): Promise<boolean> {
  const file = join(packageRoot(), 'README.md');
  const before = readFileSync(file, 'utf8');
  const after = await withTable(before, listRecordings(folder));
  if (after === before) return false;
  writeFileSync(`${file}.part`, after);
  renameSync(`${file}.part`, file);
  return true;
}

/** A README with the table in its place, as prettier has it. @throws Error when it has no place for it */
export async function withTable(readme: string, recordings: readonly Listed[]): Promise<string> {
  const [from, to] = [readme.indexOf(begins), readme.indexOf(ends)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begins} … ${ends}`);
  const text = `${readme.slice(0, from)}${begins}\n\n${tableOf(recordings)}\n\n${readme.slice(to)}`;
  // only whoever works on carril itself needs it
  const { format, resolveConfig } = await import('prettier');
  const filepath = join(packageRoot(), 'README.md');
  return await format(text, { ...(await resolveConfig(filepath)), filepath });
}

/** The headline figures of each benchmark's newest recording. @param recordings the newest first */
function tableOf(recordings: readonly Listed[]): string {
  const rows = benchmarks.flatMap((name) => {
    const newest = recordings.find(({ benchmark }) => benchmark === name);
    return newest === undefined ? [] : linesOf(newest);
  });
  return [
    '| benchmark | figure | median | 95 % interval | rounds | goal |',
    '| --- | --- | --: | --- | --: | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function linesOf({ benchmark, at, file, figures }: Listed): string[][] {
  return figures
    .filter(({ headline }) => headline === true)
    .map((figure, i) => [
      i === 0 ? `[${benchmark}](benchmarks/results/${file}), ${at.slice(0, 10)}` : '',
      figure.name,
      shownWith(median(figure.rounds), figure.unit),
      intervalText(figure),
      String(figure.rounds.length),
      goalText(figure),
    ]);
}
