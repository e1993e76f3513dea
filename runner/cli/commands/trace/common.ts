import type { Argv } from 'yargs';

import { UsageError } from '../../../../engine/errors.js';
import type { TraceQuestion } from '../../../trace/read.js';
import { parseId } from '../../durations.js';

export interface TraceArguments {
  readonly id: string | undefined;
  readonly job: string | undefined;
}

/** Whose traces: a process, or a job that is no process's. */
export function traceOptions<T>(args: Argv<T>): Argv<T & TraceArguments> {
  return args
    .positional('id', { type: 'string', describe: 'a process, one of its executions, or a legacy execution' })
    .option('job', {
      type: 'string',
      requiresArg: true,
      describe: 'instead of a process: a job of another kind, such as a log scan',
    });
}

/** @throws UsageError on none of the two, or on both */
export function readQuestion({ id, job }: TraceArguments): TraceQuestion {
  if ((id === undefined) === (job === undefined))
    throw new UsageError('say whose traces: the ID of a process, or --job and the ID of a job');
  if (job !== undefined) return { idTrabajo: parseId(job, '--job') };
  return { idProceso: parseId(id ?? '', 'ID') };
}

/** The question as messages and JSON say it. */
export function subjectOf(question: TraceQuestion): {
  readonly said: string;
  readonly json: Readonly<Record<string, bigint>>;
} {
  return 'idProceso' in question
    ? { said: `process ${question.idProceso}`, json: { id: question.idProceso } }
    : { said: `job ${question.idTrabajo}`, json: { job_id: question.idTrabajo } };
}

/** Why there may be nothing. */
export function noTraces(question: TraceQuestion): string {
  return `no traces of ${subjectOf(question).said}: it ran with --no-trace, before migration 016, or they were purged`;
}

/** A fund by name, as far as it has one; a chunk's attempt for what has no fund. */
export function whoseOf(name: string | null, id: number | null, part: string | null): string {
  return name ?? (id === null ? `chunk ${part ?? '?'}` : `fund ${id}`);
}
