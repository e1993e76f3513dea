import type { CheckResult, Diagnosis, Health } from '../../../../migrator/doctor.js';
import { defineCommand, withEngine } from '../../context.js';
import type { GlobalOptions } from '../../context.js';
import type { Output } from '../../output.js';

export const command = defineCommand<GlobalOptions>({
  command: 'doctor',
  describe: 'check whether server, database and login are fit for carril; exit 1 when one is not',
  builder: (args) => args.example('$0 migrate doctor --json', 'before a migration, or from monitoring'),
  handler: async (argv) => {
    const { diagnose } = await import('../../../../migrator/doctor.js');
    await withEngine(
      argv,
      async (engine, out) => {
        const diagnosis = await diagnose(engine);
        const problems = count(diagnosis, 'problem');
        out.document({
          database: diagnosis.database,
          dialect: diagnosis.dialect,
          ok: problems === 0,
          problems,
          warnings: count(diagnosis, 'warning'),
          checks: diagnosis.checks.map(({ name, state, found, advice }) => ({
            name,
            state,
            found,
            advice: advice ?? null,
          })),
        });
        if (!out.json) print(out, diagnosis);
        return problems === 0 ? 0 : 1;
      },
      { poolMax: 2 },
    );
  },
});

/** One line a finding, and what to do below it: sentences do not fit into a table's columns. */
function print(out: Output, diagnosis: Diagnosis): void {
  out.print(diagnosis.database);
  const width = Math.max(...diagnosis.checks.map(({ name }) => name.length));
  for (const one of diagnosis.checks) for (const line of linesOf(one, width)) out.print(line);
  const [problems, warnings] = [count(diagnosis, 'problem'), count(diagnosis, 'warning')];
  out.print(`${problems} problems, ${warnings} warnings`);
}

function linesOf({ name, state, found, advice }: CheckResult, width: number): string[] {
  const line = `${state.padEnd(7)}  ${name.padEnd(width)}  ${found}`;
  return advice === undefined ? [line] : [line, `${' '.repeat(width + 11)}→ ${advice}`];
}

function count({ checks }: Diagnosis, state: Health): number {
  return checks.filter((one) => one.state === state).length;
}
