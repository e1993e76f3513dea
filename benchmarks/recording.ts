import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { UsageError } from '../engine/index.js';
import { CommandError } from '../runner/cli/errors.js';
import type { Census, Round, SlowStatement } from './contention/model.js';
import type { Surroundings } from './record.js';

/** What `carril bench record` keeps: enough to be compared with another one, or to be refused. */
export interface Recording extends Surroundings {
  readonly schema: 1;
  readonly label: string;
  readonly benchmark: string;
  /** The newest migration of the database that was measured. */
  readonly migration: string;
  /** What was run: two recordings are comparable when it is the same. */
  readonly data: Readonly<Record<string, string | number>>;
  readonly rounds: readonly Round[];
  readonly census: readonly Census[];
  readonly statements: readonly SlowStatement[];
  readonly remarks: readonly string[];
}

const labelPattern = /^[\w.-]{1,80}$/;

export function checkLabel(label: string): string {
  if (!labelPattern.test(label)) {
    throw new UsageError(`--label: '${label}' must be letters, digits, dots, - and _, 80 at most`);
  }
  return label;
}

/** Writes `<folder>/<label>.json` and returns its path. @throws CommandError when there is one of that label already */
export function saveRecording(folder: string, recording: Recording): string {
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
export function listRecordings(folder: string): readonly Recording[] {
  return files(folder)
    .flatMap((name) => {
      try {
        return [parse(readFileSync(join(folder, name), 'utf8'), name)];
      } catch {
        return [];
      }
    })
    .toSorted((a, b) => b.at.localeCompare(a.at));
}

/** By label, or by path. @throws CommandError NOT_FOUND naming what there is */
export function readRecording(folder: string, name: string): Recording {
  const file = name.endsWith('.json') || name.includes('/') ? name : join(folder, `${name}.json`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const labels = listRecordings(folder).map(({ label }) => label);
    const there =
      labels.length === 0 ? 'there are none yet: carril bench record' : `there are ${labels.join(', ')}`;
    throw new CommandError(`no recording ${name} (${(error as Error).message}); ${there}`, 'NOT_FOUND');
  }
  return parse(text, file);
}

function parse(text: string, where: string): Recording {
  const document = JSON.parse(text) as Partial<Recording>;
  if (document.schema !== 1 || !Array.isArray(document.rounds) || typeof document.label !== 'string') {
    throw new CommandError(
      `${where} is no recording of schema 1: carril bench record makes them`,
      'BAD_FILE',
    );
  }
  return document as Recording;
}

function files(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
