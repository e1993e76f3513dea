import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a running server writes into `postmaster.pid` of its data folder; the file outlives one that was killed. */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `stopping`, or empty when not written yet. */
  readonly status: string;
}

export function postmasterPidFile(dataFolder: string): string {
  return join(dataFolder, 'postmaster.pid');
}

/** Undefined when there is no such file, or only its beginning. */
export function readPostmasterPid(dataFolder: string): PostmasterPid | undefined {
  let lines: string[];
  try {
    lines = readFileSync(postmasterPidFile(dataFolder), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  // pid, data folder, start, port, socket folder, listen address, shared memory key, status
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}
