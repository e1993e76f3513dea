import type { Argv } from 'yargs';

import { UsageError } from '../../../../engine/index.js';
import type { Engine } from '../../../../engine/index.js';
import type { GrantDifference, Migrator, MigratorEvent, RunResult } from '../../../../migrator/index.js';
import { withEngine } from '../../context.js';
import type { ExitCode, GlobalOptions } from '../../context.js';
import { printError } from '../../errors.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';
import { parseDuration } from '../../durations.js';

export interface MigrateOptions extends GlobalOptions {
  readonly migrations?: readonly string[] | undefined;
  readonly waitForMigrator?: string | undefined;
  readonly lockTimeout?: string | undefined;
}

/** The options of every `carril migrate` command. */
export function migrateOptions(args: Argv<GlobalOptions>): Argv<MigrateOptions> {
  return args.option('migrations', {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: "a folder of the site's own migrations, taken in by number; may be repeated",
  });
}

/** As `migrateOptions`, with how long to wait for another migrator. */
export function lockedOptions(args: Argv<GlobalOptions>): Argv<MigrateOptions> {
  return migrateOptions(args).option('wait-for-migrator', {
    type: 'string',
    default: '30s',
    requiresArg: true,
    describe: 'how long to wait while another migrator is at work, as 500ms, 5s or 2m',
  });
}

/** As `lockedOptions`, with how long scripts may wait for tables that others use. */
export function scriptOptions(args: Argv<GlobalOptions>): Argv<MigrateOptions> {
  return lockedOptions(args).option('lock-timeout', {
    type: 'string',
    requiresArg: true,
    describe:
      "how long a script's statement may wait for a lock on a table or row before the script fails, as 5s [default: as the server has it]",
  });
}

/**
 * Opens the database and a migrator on it. Ctrl-C stops it between two migrations, or rolls back the one under way, and
 * exits with 130; a second one exits at once, and the server rolls back.
 */
export async function withMigrator(
  argv: MigrateOptions,
  work: (migrator: Migrator, out: Output, engine: Engine) => Promise<ExitCode>,
): Promise<void> {
  const waitMs = parseDuration(argv.waitForMigrator ?? '30s', '--wait-for-migrator');
  const lockTimeoutMs =
    argv.lockTimeout === undefined ? undefined : parseDuration(argv.lockTimeout, '--lock-timeout');
  // knex and umzug take a while to load: only here
  const { MigratorError, createMigrator, packageFolder } = await import('../../../../migrator/index.js');
  await withEngine(argv, async (engine, out) => {
    const stop = new AbortController();
    const giveBack = onInterrupt((times) => {
      if (times > 1) process.exit(interrupted);
      stop.abort(
        new MigratorError(
          'INTERRUPTED',
          'interrupted: what was under way was rolled back, what was finished stays',
        ),
      );
    });
    try {
      const own = packageFolder('migrations', engine);
      const migrator = createMigrator(engine, {
        migrationsDirs: [own, ...(argv.migrations ?? [])],
        waitMs,
        lockTimeoutMs,
        signal: stop.signal,
        onProgress: (event) => {
          const line = progressLine(event);
          if (event.kind === 'warning') out.warn(event.message);
          else if (line !== undefined) out.note(line);
        },
      });
      return await work(migrator, out, engine);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      printError(error instanceof MigratorError ? error : stop.signal.reason, { json: out.json });
      return interrupted;
    } finally {
      giveBack();
    }
  });
}

/** A migration's number as options give it. @throws UsageError naming the option */
export function checkNumber(value: number | undefined, option: string): number | undefined {
  if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
    throw new UsageError(`${option} takes the number of a migration, as ${option} 14`);
  }
  return value;
}

/** `--to` as yargs gives it. @throws UsageError unless it is a number of a migration, or 0 */
export function checkTo(to: number | undefined): number | undefined {
  if (to !== undefined && (!Number.isInteger(to) || to < 0)) {
    throw new UsageError('--to takes the number of a migration, as --to 14, or 0');
  }
  return to;
}

export function progressLine(event: MigratorEvent): string | undefined {
  switch (event.kind) {
    case 'waiting': {
      const { holder } = event;
      const who = holder === undefined ? '' : ` (${holder.user}@${holder.host}, process ${holder.pid})`;
      return `waiting for another migrator${who}`;
    }
    case 'migration': {
      if (event.phase === 'start') return undefined;
      return `${event.direction === 'up' ? 'applied' : 'reverted'} ${event.name} (${event.durationMs} ms)`;
    }
    case 'procedure':
      return `${event.action} ${event.name}`;
    case 'grant':
      return `${event.action} ${event.grant}`;
    case 'step': {
      const which = `${event.name}: statement ${event.statement} of ${event.total}`;
      if (event.phase === 'waiting') {
        return `${event.name}: waiting for the session of a migrator that was killed; what it is at counts`;
      }
      if (event.phase === 'cleaned')
        return `${which}: removed the invalid index that an earlier attempt left`;
      return event.phase === 'skipped' ? `${which} was done before` : `${which} done`;
    }
    case 'warning':
      return event.message;
  }
}

/** Says how a run of `up` or `down` ended. */
export function printRun(out: Output, engine: Engine, result: RunResult, verb: 'applied' | 'reverted'): void {
  const { migrations, procedures, grants, level } = result;
  out.document({
    database: engine.description,
    level,
    [verb]: migrations.map(({ number, name, durationMs }) => ({ number, name, duration_ms: durationMs })),
    procedures,
    grants: grants.map(grantDocument),
  });
  const at = level === 0 ? 'without migrations' : `at ${String(level).padStart(3, '0')}`;
  const nothing = migrations.length + procedures.length + grants.length === 0;
  const restored = grants.filter(({ failed }) => failed === undefined).length;
  const more = grants.length === 0 ? '' : `, ${restored} of ${grants.length} grants put right`;
  out.print(
    nothing
      ? `${engine.description} is ${at}: nothing to do`
      : `${engine.description} is ${at}: ${migrations.length} migrations ${verb}, ${procedures.length} procedures changed${more}`,
  );
}

export function grantDocument(one: GrantDifference & { readonly failed?: string | undefined }): unknown {
  const { role, privilege, kind, object, state, statement, failed } = one;
  return { role, privilege, kind, object, state, statement, failed: failed ?? null };
}
