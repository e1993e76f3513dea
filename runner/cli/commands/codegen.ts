import { resolve } from 'node:path';

import {
  compareLive,
  compareWithDisk,
  formatProblem,
  generate,
  writeToDisk,
} from '../../../codegen/index.js';
import type { Generated, LiveComparison, Staleness } from '../../../codegen/index.js';
import { UsageError } from '../../../engine/index.js';
import { defineCommand, withEngine, withOutput } from '../context.js';
import type { ExitCode, GlobalOptions } from '../context.js';
import type { Output } from '../output.js';

interface Options extends GlobalOptions {
  readonly check: boolean;
  readonly live: boolean;
  readonly procedures?: string | undefined;
  readonly migrations?: string | undefined;
  readonly out?: string | undefined;
  readonly 'keep-going': boolean;
}

export const command = defineCommand<Options>({
  command: 'codegen',
  describe:
    "write the TypeScript wrappers from the procedures' contracts, and carril's own permission scripts",
  builder: (args) =>
    args
      .option('check', {
        type: 'boolean',
        default: false,
        describe:
          'write nothing; exit 1 when a wrapper is stale, missing or left over, or a contract is wrong',
      })
      .option('live', {
        type: 'boolean',
        default: false,
        describe: 'compare the contracts with the procedures in the database; writes nothing',
      })
      .option('procedures', {
        type: 'string',
        requiresArg: true,
        describe:
          "folder of a site's own procedures: T-SQL in it, or in its sqlserver/ with twins in its postgres/ [default: carril's]",
      })
      .option('migrations', {
        type: 'string',
        requiresArg: true,
        describe:
          "scripts that create the site's table types [default: migrations/ beside the procedures, if there]",
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'folder of the wrappers [default: generated/ in the folder of the procedures]',
      })
      .option('keep-going', { type: 'boolean', default: false, hidden: true })
      .example('$0 codegen --check', 'in CI: are contracts, twins and wrappers in agreement?')
      .example('$0 codegen --procedures sql/procedures --out src/db', "wrappers for a site's own procedures")
      .example(
        '$0 codegen --live --url mssql://db.example/Fondos',
        'does the database hold what the contracts say?',
      ),
  handler: async (argv) => {
    if (argv.live && argv.check)
      throw new UsageError('--check and --live are two questions: ask one at a time');
    const run = () =>
      generate({
        procedures: absolute(argv.procedures),
        migrations: absolute(argv.migrations),
        out: absolute(argv.out),
      });
    if (argv.live) {
      await withEngine(argv, async (engine, out): Promise<ExitCode> => {
        const generated = run();
        const live = await compareLive(generated.catalog, engine);
        return reportLive(out, generated, live, engine.description);
      });
    } else {
      const ours = argv.procedures === undefined && argv.out === undefined;
      const permissions = ours ? await import('../permission-scripts.js') : undefined;
      await withOutput(argv, (out) => {
        const stale = permissions?.stalePermissions() ?? new Map<string, string>();
        if (argv.check) return Promise.resolve(check(out, run(), [...stale.keys()]));
        const exit = write(out, run(), argv['keep-going'], [...stale.keys()]);
        if (exit === 0) permissions?.writePermissions(stale);
        return Promise.resolve(exit);
      });
    }
  },
});

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function write(
  out: Output,
  generated: Generated,
  keepGoing: boolean,
  permissions: readonly string[],
): ExitCode {
  const { problems, procedures } = generated.catalog;
  if (problems.length > 0 && !keepGoing) {
    reportProblems(out, generated);
    out.document({ ok: false, written: [], removed: [], ...summary(generated) });
    out.warn(`${plural(problems.length, 'problem')}: nothing was written.`);
    return 1;
  }
  const difference = writeToDisk(generated);
  const written = [...difference.stale, ...difference.missing];
  out.document({
    ok: problems.length === 0,
    written,
    removed: difference.surplus,
    permissions,
    ...summary(generated),
  });
  reportProblems(out, generated);
  for (const name of written) out.print(`wrote ${generated.shownOut}/${name}`);
  for (const name of permissions) out.print(`wrote ${name}`);
  for (const name of difference.surplus) out.print(`removed ${generated.shownOut}/${name}`);
  const files = plural(generated.files.size, 'file');
  out.print(
    `${plural(procedures.length, 'procedure')}, ${files}, ${written.length === 0 ? 'none' : String(written.length)} changed.`,
  );
  return problems.length === 0 ? 0 : 1;
}

function check(out: Output, generated: Generated, permissions: readonly string[]): ExitCode {
  const difference = compareWithDisk(generated);
  const { stale, missing, surplus } = difference;
  const { problems, procedures } = generated.catalog;
  const ok =
    problems.length === 0 && [stale, missing, surplus, permissions].every((names) => names.length === 0);
  out.document({ ok, ...difference, permissions, ...summary(generated) });
  reportProblems(out, generated);
  reportStaleness(out, generated, difference);
  for (const name of permissions) out.warn(`${name} is not what the scripts grant: run carril codegen`);
  if (ok) out.print(`${plural(procedures.length, 'procedure')}: contracts, twins and wrappers agree.`);
  return ok ? 0 : 1;
}

function reportStaleness(out: Output, { shownOut }: Generated, difference: Staleness): void {
  const says = {
    stale: 'is stale: run carril codegen',
    missing: 'is missing: run carril codegen',
    surplus: 'is left over from a schema that is gone: run carril codegen',
  } as const;
  for (const kind of ['stale', 'missing', 'surplus'] as const) {
    for (const name of difference[kind]) out.warn(`${shownOut}/${name} ${says[kind]}`);
  }
}

function reportLive(out: Output, generated: Generated, live: LiveComparison, where: string): ExitCode {
  const { problems } = generated.catalog;
  const ok = problems.length === 0 && live.differences.length === 0;
  out.document({ ok, database: where, ...live, ...summary(generated) });
  reportProblems(out, generated);
  for (const difference of live.differences) out.warn(formatProblem(difference));
  for (const note of live.notes) out.note(formatProblem(note));
  if (ok) out.print(`${plural(live.compared, 'procedure')}: ${where} holds what the contracts say.`);
  return ok ? 0 : 1;
}

function summary({ catalog, shownOut }: Generated) {
  return { out: shownOut, procedures: catalog.procedures.length, problems: catalog.problems };
}

/** With --json they are in the document. */
function reportProblems(out: Output, { catalog }: Generated): void {
  if (out.json) return;
  for (const problem of catalog.problems) out.warn(formatProblem(problem));
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
