import type { Argv } from 'yargs';

import type { Engine } from '../../../../engine/index.js';
import type { Backup, Backups } from '../../../../migrator/index.js';
import { withEngine } from '../../context.js';
import type { ExitCode, GlobalOptions } from '../../context.js';
import { parseDuration } from '../../durations.js';
import { printError } from '../../errors.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';

export interface LockedOptions {
  readonly waitForMigrator?: string | undefined;
}

/** The migrator's lock is the backups' as well: a table is not copied while a migration changes it. */
export function lockedOptions(args: Argv<GlobalOptions>): Argv<GlobalOptions & LockedOptions> {
  return args.option('wait-for-migrator', {
    type: 'string',
    default: '30s',
    requiresArg: true,
    describe: 'how long to wait while another migrator is at work, as 500ms, 5s or 2m',
  });
}

/** Opens the database and its backups. Ctrl-C rolls back what is under way and exits with 130; a second one exits at once. */
export async function withBackups(
  argv: GlobalOptions & LockedOptions,
  onTable: ((out: Output) => (table: string) => void) | undefined,
  work: (backups: Backups, out: Output, engine: Engine) => Promise<ExitCode>,
): Promise<void> {
  const waitMs = parseDuration(argv.waitForMigrator ?? '30s', '--wait-for-migrator');
  const { MigratorError, createBackups } = await import('../../../../migrator/index.js');
  await withEngine(argv, async (engine, out) => {
    const stop = new AbortController();
    const giveBack = onInterrupt((times) => {
      if (times > 1) process.exit(interrupted);
      stop.abort(new MigratorError('INTERRUPTED', 'interrupted: everything was rolled back'));
    });
    try {
      const backups = createBackups(engine, {
        waitMs,
        signal: stop.signal,
        onTable: onTable?.(out),
        onWaiting: (holder) => {
          const who = holder === undefined ? '' : ` (${holder.user}@${holder.host}, process ${holder.pid})`;
          out.note(`waiting for another migrator${who}`);
        },
      });
      return await work(backups, out, engine);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      out.stop();
      printError(stop.signal.reason, { json: out.json });
      return interrupted;
    } finally {
      giveBack();
    }
  });
}

/** A backup as `--json` writes it. */
export function backupJson(backup: Backup): unknown {
  return {
    name: backup.name,
    reason: backup.reason,
    created_at: backup.createdAt,
    user: backup.user,
    login: backup.login,
    host: backup.host,
    rows: rowsOf(backup),
    tables: backup.tables.map(({ table, copy, rows, checksum }) => ({
      table,
      copy: `carril.${copy}`,
      rows,
      checksum,
    })),
  };
}

export function rowsOf(backup: Backup): bigint {
  return backup.tables.reduce((sum, { rows }) => sum + rows, 0n);
}

export function printTables(out: Output, backup: Backup): void {
  out.table(
    ['table', 'rows', 'copy'],
    backup.tables.map(({ table, rows, copy }) => [table, rows, `carril.${copy}`]),
  );
}
