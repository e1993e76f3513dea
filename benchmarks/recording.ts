import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { UsageError } from '../engine/index.js';
import { CommandError } from '../runner/cli/errors.js';
import type { Census, Round, SlowStatement } from './contention/model.js';
import type { Figure } from './figure.js';
import { figuresIn } from './figures/index.js';
import type { Surroundings } from './record.js';

/** What every recording has, whatever was measured: enough to be compared with another one, or to be refused. */
export interface Recorded extends Surroundings {
  readonly schema: 1;
  readonly label: string;
  readonly benchmark: string;
  /** The newest migration of the database that was measured. */
  readonly migration: string;
  /** What was run: two recordings are comparable when it is the same. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly figures: readonly Figure[];
}

/** Of the contention benchmark, which tells more of each round than its figures. */
export interface Recording extends Omit<Recorded, 'figures'> {
  readonly data: Readonly<Record<string, string | number>>;
  readonly figures?: readonly Figure[];
  readonly rounds: readonly Round[];
  readonly census: readonly Census[];
  readonly statements: readonly SlowStatement[];
  readonly remarks: readonly string[];
}

/** One of a folder's. */
export interface Listed extends Recorded {
  readonly file: string;
}

const labelPattern = /^[\w.-]{1,80}$/;

export function checkLabel(label: string): string {
  if (!labelPattern.test(label)) {
    throw new UsageError(`--label: '${label}' must be letters, digits, dots, - and _, 80 at most`);
  }
  return label;
}

/** Writes `<folder>/<label>.json` and returns its path. @throws CommandError when there is one of that label already */
export function saveRecording(folder: string, recording: Recorded | Recording): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${recording.label}.json`);
  try {
    writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(file);
    throw error;
  }
  return file;
}

/** Before a measurement that would have nowhere to go. */
export function checkFree(folder: string, label: string): void {
  if (files(folder).includes(`${label}.json`)) throw taken(join(folder, `${label}.json`));
}

function taken(file: string): CommandError {
  return new CommandError(`${file} exists: take another --label, or delete it`, 'EXISTS');
}

/** Newest first. Files that are none are left out. */
export function listRecordings(folder: string): readonly Listed[] {
  return files(folder)
    .flatMap((name) => {
      try {
        return [{ ...parse(readFileSync(join(folder, name), 'utf8'), name), file: name }];
      } catch {
        return [];
      }
    })
    .toSorted((a, b) => b.at.localeCompare(a.at));
}

/** What a list says of a recording. */
export interface Summary {
  readonly label: string;
  readonly at: string;
  readonly benchmark: string;
  readonly migration: string;
  /** The most that one of its figures has. */
  readonly rounds: number;
  readonly figures: number;
  /** Of the contention benchmark's. */
  readonly architectures: string[];
}

export function summaryOf(recorded: Recorded): Summary {
  const { label, at, benchmark, migration, figures } = recorded;
  return {
    ...{ label, at, benchmark, migration, figures: figures.length },
    rounds: Math.max(0, ...figures.map(({ rounds }) => rounds.length)),
    architectures: isContention(recorded)
      ? [...new Set(recorded.rounds.map(({ architecture }) => architecture))]
      : [],
  };
}

/** By label, or by path. @throws CommandError NOT_FOUND naming what there is */
export function readRecorded(folder: string, name: string): Recorded {
  const file = name.endsWith('.json') || name.includes('/') ? name : join(folder, `${name}.json`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const there = listRecordings(folder);
    // a file may have been given another name than its label
    const [found] = there.filter(({ label }) => label === name);
    if (found !== undefined) return found;
    const labels = there.map(({ label }) => label);
    const known =
      labels.length === 0 ? 'there are none yet: carril bench record' : `there are ${labels.join(', ')}`;
    throw new CommandError(`no recording ${name} (${(error as Error).message}); ${known}`, 'NOT_FOUND');
  }
  return parse(text, file);
}

/** One of the contention benchmark. @throws CommandError BAD_FILE when it is another one's */
export function readRecording(folder: string, name: string): Recording {
  const recorded = readRecorded(folder, name);
  if (isContention(recorded)) return recorded;
  throw new CommandError(
    `${recorded.label} is a recording of ${recorded.benchmark}, which has no rounds of two architectures: carril bench record makes those`,
    'BAD_FILE',
  );
}

export function isContention(recorded: Recorded | Recording): recorded is Recording & Recorded {
  return 'rounds' in recorded && 'census' in recorded;
}

function parse(text: string, where: string): Recorded {
  const document = JSON.parse(text) as Partial<Recorded>;
  const read = document.schema === undefined ? fromBefore(document, where) : document;
  const figures = read.figures ?? figuresOrNone(read);
  if (read.schema !== 1 || figures === undefined || typeof read.label !== 'string') {
    throw new CommandError(
      `${where} is no recording of schema 1: carril bench record and npm run bench make them`,
      'BAD_FILE',
    );
  }
  return { ...(read as Recorded), figures };
}

/**
 * Recordings of the single benchmarks once had no schema, no label and no migration, and no figures beside what they
 * measured; how often it was measured was among their data.
 */
function fromBefore(document: Partial<Recorded>, where: string): Partial<Recorded> {
  const data = Object.entries(document.data ?? {}).filter(([name]) => name !== 'runs');
  return {
    ...document,
    schema: 1,
    label: basename(where, '.json'),
    migration: 'not recorded',
    data: Object.fromEntries(data),
  };
}

function figuresOrNone(document: Partial<Recorded>): readonly Figure[] | undefined {
  try {
    return figuresIn(document);
  } catch {
    return undefined;
  }
}

function files(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
