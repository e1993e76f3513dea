import { resolve } from 'node:path';

import { ProcedureError } from '../../../../engine/index.js';
import { logs } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { CommandError } from '../../errors.js';
import { parseCount, parseId } from '../../durations.js';
import type { Output } from '../../output.js';
import { oneLine } from '../../table.js';

interface ReportArguments {
  readonly job: string | undefined;
  readonly file: string | undefined;
  readonly limit: string | undefined;
}

/** As many as one call returns. */
const mostSignatures = 10_000;

const shownAtMost = 20;

/** Characters of the example in the table. */
const exampleLength = 80;

type Which = { readonly idTrabajo: bigint | null } | { readonly ruta: string };

/** An error by its signature, as `carril logs report --json` prints it. */
interface Signature {
  readonly signature: string;
  readonly level: string;
  readonly count: number;
  readonly first: Date | null;
  readonly last: Date | null;
  readonly example: string;
}

export const command = defineCommand<ReportArguments>({
  command: 'report [job]',
  describe: 'group the error blocks that were found by signature, the most frequent first',
  builder: (args) =>
    args
      .positional('job', { type: 'string', describe: 'what this job found [default: the newest]' })
      .option('file', {
        type: 'string',
        requiresArg: true,
        describe: 'everything found in this log, over all its scans',
      })
      .option('limit', {
        type: 'string',
        requiresArg: true,
        describe: `signatures at most [default: ${shownAtMost}, with --json all]`,
      })
      .conflicts('file', 'job')
      .example('$0 logs report', 'the newest scan')
      .example('$0 logs report 1042 --json', 'one scan, for a script')
      .example('$0 logs report --file app.log', 'a log that was scanned as it grew')
      .epilogue(
        'Signatures are first lines without their timestamps, with numbers, ids and addresses masked. --json: {"job", "blocks", ' +
          '"distinct", "shown", "signatures": [{"signature", "level", "count", "first", "last", "example"}]}.',
      ),
  handler: async (argv) => {
    const given = argv.limit === undefined ? undefined : parseCount(argv.limit, '--limit', 1, mostSignatures);
    const which: Which =
      argv.file === undefined
        ? { idTrabajo: argv.job === undefined ? null : parseId(argv.job, 'JOB') }
        : { ruta: resolve(argv.file) };
    await withEngine(argv, async (engine, out) => {
      const limit = given ?? (out.json ? mostSignatures : shownAtMost);
      const review = await found(logs.resumenRevision(engine, which, { idempotent: true }), which);
      const rows = await logs.informeBloques(
        engine,
        { ...('ruta' in which ? which : { idTrabajo: review.idTrabajo }), maximo: limit },
        { idempotent: true },
      );
      const signatures = rows.map((row) => ({
        signature: row.firma,
        level: row.nivel,
        count: row.veces,
        first: row.primero,
        last: row.ultimo,
        example: row.ejemplo,
      }));
      out.document({
        job: review.idTrabajo,
        blocks: review.bloques,
        distinct: review.firmas,
        shown: signatures.length,
        signatures,
      });
      out.print(
        `job ${review.idTrabajo} of ${review.ruta}: ${review.estado}, ${review.bloques} blocks, ` +
          `${review.firmas} signatures${signatures.length < review.firmas ? `, the first ${signatures.length}` : ''}`,
      );
      if (signatures.length > 0) printSignatures(signatures, out);
    });
  },
});

/** @throws CommandError that names what was asked for, and what to do, when there is no such scan */
async function found<T>(review: Promise<T>, which: Which): Promise<T> {
  try {
    return await review;
  } catch (error) {
    if (!(error instanceof ProcedureError) || error.code !== 'NOT_FOUND') throw error;
    throw new CommandError(notFound(which), 'NOT_FOUND');
  }
}

function notFound(which: Which): string {
  if ('ruta' in which)
    return `no scan of ${which.ruta} is known: carril logs scan ${which.ruta}, with --again if its scans were purged`;
  if (which.idTrabajo !== null)
    return `no scan has job ${which.idTrabajo}, or it was purged: carril logs scan FILE, after a purge with --again`;
  return 'no scan is known: carril logs scan FILE, with --again if its scans were purged';
}

function printSignatures(signatures: readonly Signature[], out: Output): void {
  out.table(
    ['count', 'level', 'first', 'last', 'signature', 'example'],
    signatures.map(({ count, level, first, last, signature, example }) => [
      count,
      level,
      first,
      last,
      signature,
      oneLine(example, exampleLength),
    ]),
    {
      head: ['count', 'level', 'last'],
      rows: signatures.map(({ count, level, last }) => [count, level, last]),
      below: signatures.map(({ count, example }) => `${count}: ${example}`),
    },
  );
}
