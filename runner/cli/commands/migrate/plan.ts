import type { PlannedMigration, PlannedTable, Preview } from '../../../../migrator/index.js';
import { defineCommand } from '../../context.js';
import type { Output } from '../../output.js';
import { checkTo, grantDocument, migrateOptions, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';
import { failureDocument, failureLines } from './failure-view.js';

interface Options extends MigrateOptions {
  readonly to?: number | undefined;
  readonly outOfOrder?: boolean | undefined;
}

export const command = defineCommand<Options>({
  command: 'plan',
  describe:
    'show what up would run, which tables it locks and about how many rows they have; exit 1 when up would stop',
  builder: (args) =>
    migrateOptions(args)
      .option('to', { type: 'number', requiresArg: true, describe: 'the last migration to apply' })
      .option('out-of-order', {
        type: 'boolean',
        default: false,
        describe: 'with numbers below one that is applied already',
      })
      .example('$0 migrate plan', 'what up would do')
      .example('$0 migrate plan --to 14 --json', 'the same for a program'),
  handler: async (argv) => {
    const to = checkTo(argv.to);
    await withMigrator(argv, async (migrator, out) => {
      const preview = await migrator.plan({ to, outOfOrder: argv.outOfOrder });
      out.document(toDocument(preview));
      if (!out.json) print(out, preview);
      return preview.blocked ? 1 : 0;
    });
  },
});

function print(out: Output, preview: Preview): void {
  const { migrations, procedures, grants, level } = preview;
  out.print(
    `${preview.database} is ${level === 0 ? 'without migrations' : `at ${String(level).padStart(3, '0')}`}`,
  );
  for (const migration of migrations) printMigration(out, preview, migration);
  if (procedures.length > 0) out.print();
  for (const { action, name } of procedures) out.print(`${words[action]} ${name}`);
  for (const { difference, name } of procedures) {
    if (difference === undefined) continue;
    out.print();
    out.print(difference === '' ? `${name}: no difference that a reader would see` : difference.trimEnd());
  }
  if (grants.length > 0) out.print();
  for (const { state, statement } of grants)
    out.print(`${state === 'missing' ? 'give back' : 'take away'} ${statement}`);
  if (migrations.length + procedures.length + grants.length === 0) out.print('nothing to do');
  if (preview.blocked) {
    out.print();
    out.print(
      'up would stop: say --adopt (keep what is there) or --replace (save it, and put the file in its place)',
    );
  }
}

const words = {
  create: 'create',
  change: 'change',
  drop: 'drop  ',
  release: 'leave ',
  foreign: 'IN THE WAY, not made by carril:',
} as const;

function printMigration(out: Output, preview: Preview, migration: PlannedMigration): void {
  const { statements, transaction, done, outOfOrder, tables, backups, unread, failure } = migration;
  const unit = preview.dialect === 'sqlserver' ? 'batch' : 'statement';
  const many = unit === 'batch' ? 'batches' : 'statements';
  out.print();
  const before = done > 0 ? `; ${done} done before` : '';
  const how = transaction ? 'in one transaction' : `each on its own, without a transaction${before}`;
  const late = outOfOrder ? ', out of order' : '';
  out.print(`${migration.name}: ${statements} ${statements === 1 ? unit : many}, ${how}${late}`);
  const shown = tables.filter(({ access }) => access !== 'create');
  const made = tables.filter(({ access }) => access === 'create').map(({ name }) => name);
  if (made.length > 0) out.print(`  makes ${made.join(', ')}`);
  if (shown.length > 0) {
    out.table(
      ['table', 'rows', 'by', 'until it ends'],
      shown.map((table) => [
        shownName(table),
        rowsOf(table),
        table.statements.join(', '),
        effects[table.access],
      ]),
    );
  }
  if (backups.length > 0) out.print(`  copies before: ${backups.join(', ')} (carril backup list)`);
  for (const { line, what } of unread) out.print(`  not read: ${migration.file}:${line}: ${what}`);
  if (failure !== undefined) for (const line of failureLines(failure)) out.print(`  ! ${line}`);
}

const effects = {
  create: 'new',
  read: 'nobody waits',
  rows: 'writers of the same rows wait',
  online: 'other schema changes wait',
  share: 'writers wait',
  exclusive: 'readers and writers wait',
} as const;

function shownName({ name, before }: PlannedTable): string {
  return before === undefined ? name : `${name} (now ${before})`;
}

function rowsOf({ rows }: PlannedTable): string {
  return rows === undefined ? 'unknown' : `~${rows.toString()}`;
}

function toDocument(preview: Preview): unknown {
  return {
    database: preview.database,
    dialect: preview.dialect,
    level: preview.level,
    blocked: preview.blocked,
    migrations: preview.migrations.map((one) => ({
      number: one.number,
      name: one.name,
      file: one.file,
      statements: one.statements,
      transaction: one.transaction,
      statements_done: one.done,
      out_of_order: one.outOfOrder,
      tables: one.tables.map((table) => ({
        name: table.name,
        before: table.before ?? null,
        access: table.access,
        statements: table.statements,
        rows: table.rows ?? null,
      })),
      backups: one.backups,
      unread: one.unread,
      failure: one.failure === undefined ? null : failureDocument(one.failure),
    })),
    procedures: preview.procedures.map((one) => ({
      name: one.name,
      action: one.action,
      file: one.file ?? null,
      difference: one.difference ?? null,
    })),
    grants: preview.grants.map(grantDocument),
  };
}
