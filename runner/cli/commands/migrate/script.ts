import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { UsageError } from '../../../../engine/index.js';
import type { Dialect } from '../../../../engine/index.js';
import type { SqlScriptPlan } from '../../../../migrator/index.js';
import { configuredTarget, defineCommand, withEngine, withOutput } from '../../context.js';
import type { Output } from '../../output.js';
import { migrateOptions } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly dialect?: Dialect | undefined;
  readonly out?: string | undefined;
}

export const command = defineCommand<Options>({
  command: 'script',
  describe: 'write one SQL file that does what up or down would, for SSMS, sqlcmd or psql',
  builder: (args) =>
    migrateOptions(args)
      .option('from', {
        type: 'number',
        requiresArg: true,
        describe:
          'the level that the database stands at; left out: where it stands now, 0 without a database',
      })
      .option('to', {
        type: 'number',
        requiresArg: true,
        describe: 'the level to reach; below --from the script reverts; left out: the highest',
      })
      .option('dialect', {
        choices: ['sqlserver', 'postgres'] as const,
        requiresArg: true,
        describe: "for which engine; left out: the database's, without one sqlserver",
      })
      .option('out', { type: 'string', requiresArg: true, describe: 'the file; left out: standard output' })
      .example('$0 migrate script --from 8 --to 22 --out 008-022.sql', 'for a DBA who runs it by hand')
      .example('$0 migrate script --from 22 --to 18 --dialect postgres', 'the way back, for psql')
      .example('$0 migrate script --out pending.sql', 'what the configured database lacks'),
  handler: async (argv) => {
    const { from, to, out: file } = argv;
    for (const [option, number] of [
      ['--from', from],
      ['--to', to],
    ] as const) {
      if (number !== undefined && (!Number.isInteger(number) || number < 0)) {
        throw new UsageError(`${option} takes the number of a migration, as ${option} 14, or 0`);
      }
    }
    if (argv.json === true && file === undefined) {
      throw new UsageError('--json needs --out: without it the script itself goes to standard output');
    }
    const { migrationFolders, planSqlScript, planSqlScriptFor } =
      await import('../../../../migrator/index.js');
    const target = configuredTarget(argv);
    if (from !== undefined || target === undefined) {
      const dialect =
        argv.dialect ?? (target === undefined || target.kind === 'sqlserver' ? 'sqlserver' : 'postgres');
      await withOutput(argv, async (out) => {
        const folders = migrationFolders(dialect, argv.migrations ?? []);
        await write(out, planSqlScript(dialect, folders, { from: from ?? 0, to }), file);
      });
      return;
    }
    await withEngine(argv, async (engine, out) => {
      if (argv.dialect !== undefined && argv.dialect !== engine.dialect) {
        throw new UsageError(
          `the configured database is ${engine.dialect}: for ${argv.dialect} say with --from where the other one stands`,
        );
      }
      const folders = migrationFolders(engine.dialect, argv.migrations ?? []);
      await write(out, await planSqlScriptFor(engine, folders, { to }), file);
    });
  },
});

async function write(out: Output, plan: SqlScriptPlan, file: string | undefined): Promise<void> {
  const { sqlScript } = await import('../../../../migrator/index.js');
  if (file === undefined) {
    await pipeline(Readable.from(sqlScript(plan)), process.stdout, { end: false });
    return;
  }
  // under another name until it is whole: half a script looks like a script
  const partial = `${file}.partial`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(
      Readable.from(sqlScript(plan)),
      async function* (pieces: AsyncIterable<string>) {
        for await (const piece of pieces) {
          const buffer = Buffer.from(piece, 'utf8');
          hash.update(buffer);
          bytes += buffer.length;
          yield buffer;
        }
      },
      createWriteStream(partial),
    );
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  const { dialect, direction, from, to, steps, procedures } = plan;
  out.document({
    file,
    dialect,
    direction,
    from,
    to,
    migrations: steps.map(({ migration }) => migration.name),
    procedures: procedures.length,
    bytes,
    sha256: hash.digest('hex'),
  });
  out.print(
    `${file}: ${dialect}, from ${padded(from)} to ${padded(to)}, ${steps.length} migrations to ` +
      (direction === 'up' ? `apply, ${procedures.length} procedures` : 'revert'),
  );
}

function padded(number: number): string {
  return String(number).padStart(3, '0');
}
