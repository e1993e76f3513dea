import type { MigrationStatus, Status } from '../../../../migrator/index.js';
import { defineCommand } from '../../context.js';
import type { Output } from '../../output.js';
import { migrateOptions, withMigrator } from './common.js';
import { failureDocument, failureLines } from './failure-view.js';
import type { MigrateOptions } from './common.js';

export const command = defineCommand<MigrateOptions>({
  command: 'status',
  describe:
    'show which migrations and procedures are applied, pending, changed or gone, what failed, and who migrates now',
  builder: (args) => migrateOptions(args).example('$0 migrate status --json', 'the same for a program'),
  handler: async (argv) => {
    await withMigrator(argv, async (migrator, out) => {
      const status = await migrator.status();
      out.document(toDocument(status));
      if (!out.json) print(out, status);
      return 0;
    });
  },
});

function print(out: Output, status: Status): void {
  const { migrations, procedures, lock, level } = status;
  out.print(`${status.database}: ${level === 0 ? 'no migration applied' : `at ${padded(level)}`}`);
  out.table(
    ['migration', 'state', 'applied', 'ms', 'by'],
    migrations.map((one) => [one.name, marked(one), one.appliedAt, one.durationMs, by(one)]),
  );
  for (const { problems } of migrations) for (const problem of problems) out.print(`! ${problem}`);
  for (const failure of status.failures) for (const line of failureLines(failure)) out.print(`! ${line}`);
  const count = (state: string) => procedures.filter((one) => one.state === state).length;
  const states = ['applied', 'pending', 'changed', 'vanished', 'waiting'].filter((state) => count(state) > 0);
  out.print(`procedures: ${states.map((state) => `${count(state)} ${state}`).join(', ') || 'none'}`);
  for (const one of procedures.filter(({ state }) => ['pending', 'changed', 'vanished'].includes(state))) {
    out.print(`  ${one.state} ${one.name}`);
  }
  out.print(
    lock === undefined
      ? 'no migrator is at work'
      : `${lock.user}@${lock.host}, process ${lock.pid}, migrates since ${lock.since.toISOString()}`,
  );
}

function toDocument(status: Status): unknown {
  const { lock } = status;
  return {
    database: status.database,
    dialect: status.dialect,
    level: status.level,
    migrations: status.migrations.map((one) => ({
      number: one.number,
      name: one.name,
      state: one.state,
      file: one.file ?? null,
      applied_at: one.appliedAt ?? null,
      duration_ms: one.durationMs ?? null,
      user: one.user ?? null,
      login: one.login ?? null,
      host: one.host ?? null,
      version: one.version ?? null,
      out_of_order: one.outOfOrder,
      problems: one.problems,
      half_done: one.halfDone ?? null,
    })),
    procedures: status.procedures.map(({ name, since, state, file }) => ({
      name,
      since,
      state,
      file: file ?? null,
    })),
    failures: status.failures.map(failureDocument),
    lock:
      lock === undefined
        ? null
        : {
            user: lock.user,
            host: lock.host,
            pid: lock.pid,
            session: lock.session,
            since: lock.since,
            version: lock.version,
          },
  };
}

function marked(one: MigrationStatus): string {
  const { halfDone } = one;
  const state =
    halfDone === undefined
      ? one.state
      : `${halfDone.part === 'up' ? 'half applied' : 'half reverted'}, ${halfDone.statements} statements done`;
  return one.outOfOrder ? `${state}, out of order` : state;
}

function by(one: MigrationStatus): string | undefined {
  return one.user === undefined ? undefined : `${one.user}@${one.host ?? ''}`;
}

function padded(number: number): string {
  return String(number).padStart(3, '0');
}
