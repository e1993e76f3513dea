import { join } from 'node:path';

import { packageRoot } from '../engine/index.js';
import type { Engine } from '../engine/index.js';
import { findHoldings, readAll } from './load/folder.js';
import { readFunds } from './load/funds.js';
import { describeProblem } from './load/problems.js';
import type { Problem } from './load/problems.js';
import { readPortfolios, writeFunds, writePositions } from './load/write.js';

/** What the demo runs on: the sample funds and the dates of their holdings, oldest first. */
export interface Sample {
  readonly funds: readonly string[];
  readonly dates: readonly string[];
  readonly lines: number;
}

/** Loads the samples that come with the package; again and again without a change. */
export async function loadSamples(engine: Engine): Promise<Sample> {
  const folder = join(packageRoot(), 'samples');
  const { funds, problems } = readFunds(join(folder, 'funds.csv'));
  refuse(problems);
  await writeFunds(engine, funds);
  const files = readAll(findHoldings(join(folder, 'holdings')).files, await readPortfolios(engine));
  refuse(files.flatMap((file) => file.problems));
  for (const { positions } of files) await writePositions(engine, positions);
  const positions = files.flatMap((file) => file.positions);
  return {
    funds: funds.map(({ shortName }) => shortName),
    dates: [...new Set(positions.map(({ date }) => date))].sort(),
    lines: positions.length,
  };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new Error(`the samples have been changed:\n${problems.map(describeProblem).join('\n')}`);
}
