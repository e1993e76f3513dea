import type { Grant, GrantChange, GrantDifference, GrantReport } from '../../../../migrator/index.js';
import type { Dialect } from '../../../../engine/index.js';
import { configuredTarget, defineCommand, withOutput } from '../../context.js';
import type { Output } from '../../output.js';
import { grantDocument, lockedOptions, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';

interface Options extends MigrateOptions {
  readonly apply?: boolean | undefined;
  readonly script?: boolean | undefined;
  readonly dialect?: Dialect | undefined;
}

export const command = defineCommand<Options>({
  command: 'grants',
  describe:
    'show who may do what, and what was granted, revoked or (SQL Server) denied by hand; exit 1 when anything was',
  builder: (args) =>
    lockedOptions(args)
      .option('apply', {
        type: 'boolean',
        describe: 'give back what is missing, and take away what no file grants, as up does at its end',
      })
      .option('script', {
        type: 'boolean',
        describe: 'print all grants as one SQL script that may be run again and again',
      })
      .option('dialect', {
        choices: ['sqlserver', 'postgres'] as const,
        requiresArg: true,
        describe: "of the script; left out: the configured database's, without one sqlserver",
      })
      .conflicts('apply', 'script')
      .example('$0 migrate grants', 'the roles, and whether the database agrees')
      .example('$0 migrate grants --script --dialect postgres > permisos.sql', 'for a DBA to read and run'),
  handler: async (argv) => {
    if (argv.script === true) {
      const { permissionsScript } = await import('../../../../migrator/index.js');
      const target = configuredTarget(argv);
      const dialect =
        argv.dialect ?? (target === undefined || target.kind === 'sqlserver' ? 'sqlserver' : 'postgres');
      await withOutput(argv, (out) => {
        const sql = permissionsScript(dialect, argv.migrations);
        out.document({ dialect, sql });
        out.print(sql.trimEnd());
        return Promise.resolve(0);
      });
      return;
    }
    await withMigrator(argv, async (migrator, out, engine) => {
      if (argv.apply === true) {
        const changes = await migrator.applyGrants();
        out.document({ database: engine.description, grants: changes.map(grantDocument) });
        const done = changes.filter(({ failed }) => failed === undefined).length;
        out.print(changes.length === 0 ? 'nothing to do' : `${done} of ${changes.length} grants put right`);
        return hasFailed(changes) ? 1 : 0;
      }
      const report = await migrator.grants();
      const ok = report.differences.length + report.denials.length === 0;
      out.document({
        database: engine.description,
        ok,
        grants: report.declared.map(({ role, privilege, kind, object, given }) => ({
          role,
          privilege,
          kind,
          object,
          given,
        })),
        differences: report.differences.map(grantDocument),
        denials: report.denials,
      });
      if (!out.json) print(out, report);
      return ok ? 0 : 1;
    });
  },
});

function hasFailed(changes: readonly GrantChange[]): boolean {
  return changes.some(({ failed }) => failed !== undefined);
}

function print(out: Output, { declared, differences, denials }: GrantReport): void {
  const lines = new Map<string, { role: string; privilege: string; objects: string[] }>();
  for (const grant of [...declared].sort(
    (a, b) => order(a) - order(b) || compare(a.role, b.role) || compare(a.object, b.object),
  )) {
    const key = `${grant.role} ${grant.privilege} ${grant.kind} ${schemaOf(grant)}`;
    const line = lines.get(key) ?? { role: grant.role, privilege: grant.privilege, objects: [] };
    line.objects.push(shown(grant));
    lines.set(key, line);
  }
  out.table(
    ['role', 'may', 'what'],
    [...lines.values()].map(({ role, privilege, objects }) => [role, privilege, objects.join(', ')]),
  );
  for (const { state, statement } of differences) out.print(`${wrong[state]}: ${statement}`);
  for (const { denial, statement } of denials)
    out.print(`DENIED by hand: ${denial} carril leaves it alone; this takes it away: ${statement}`);
  if (differences.length === 0 && denials.length > 0) return;
  out.print(
    differences.length === 0
      ? `${declared.length} grants, as the files have them`
      : `${declared.length} grants, ${differences.length} not as the files have them: \`carril migrate up\` or \`grants --apply\` runs the above`,
  );
}

const wrong: Readonly<Record<GrantDifference['state'], string>> = {
  missing: 'REVOKED by hand',
  extra: 'GRANTED by hand',
};

function order({ kind }: Grant): number {
  return ['role', 'database', 'schema', 'object', 'function', 'type'].indexOf(kind);
}

function schemaOf({ object, kind }: Grant): string {
  return kind === 'schema' ? '' : (object.split('.')[0] ?? '');
}

function shown({ kind, object }: Grant): string {
  return kind === 'database' ? 'in the database' : kind === 'schema' ? `schema ${object}` : object;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
