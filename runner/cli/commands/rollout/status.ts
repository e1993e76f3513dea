import { logs } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { agoOf } from '../../spans.js';

export const status = defineCommand<unknown>({
  command: 'status',
  describe: 'which way the funds of the cube run from now on',
  builder: (args) =>
    args
      .example('$0 rollout status', 'each fund, and since when')
      .example(
        '$0 rollout status --json',
        '{ "LEGADO", "JERARQUICA", "funds": [{ "fund", "architecture", "own" }] }',
      ),
  handler: async (argv) => {
    await withEngine(argv, async (engine, out) => {
      const funds = await logs.arquitecturaFondos(engine, {}, { idempotent: true });
      const count = (way: string) => funds.filter(({ arquitectura }) => arquitectura === way).length;
      const [legado, jerarquica] = [count('LEGADO'), count('JERARQUICA')];
      out.document({
        LEGADO: legado,
        JERARQUICA: jerarquica,
        funds: funds.map((fund) => ({
          fund: fund.fundShortName,
          architecture: fund.arquitectura,
          own: fund.propia,
          since: fund.fechaCambio,
          user: fund.usuario,
        })),
      });
      out.table(
        ['fund', 'architecture', 'setting', 'set', 'by'],
        funds.map((fund) => [
          fund.fundShortName,
          fund.arquitectura,
          fund.propia ? 'its own' : 'general',
          fund.fechaCambio === null ? null : `${agoOf(fund.fechaCambio)} ago`,
          fund.usuario,
        ]),
      );
      out.print(`${legado} funds LEGADO, ${jerarquica} JERARQUICA; a process keeps what it was started with`);
      return 0;
    });
  },
});
