import { logs } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';

type Trigger = logs.RevisarDespliegueRow;

export const check = defineCommand<unknown>({
  command: 'check',
  describe: 'the triggers for going back, computed from the logs; exit 1 when one fires',
  builder: (args) =>
    args
      .example('$0 rollout check', 'more than 50 % failed in two hours; a week above 120 % of the baseline')
      .example(
        '$0 rollout check --json',
        '{ "triggers": [{ "trigger", "fires", "value", "limit", "samples", "actual", "baseline", "advice" }] }',
      )
      .epilogue(
        'For cron, hourly. Durations are seconds a fund; the baseline is the newest 20 legacy processes that completed.',
      ),
  handler: async (argv) => {
    await withEngine(argv, async (engine, out) => {
      const triggers = await logs.revisarDespliegue(engine, {}, { idempotent: true });
      out.document({
        triggers: triggers.map((it) => ({
          trigger: it.disparador,
          fires: it.dispara,
          value: it.valor,
          limit: it.umbral,
          samples: it.muestras,
          actual: it.actual,
          baseline: it.base,
          advice: it.dispara ? adviceOf(it) : null,
        })),
      });
      for (const it of triggers) out.print(sentenceOf(it));
      const fired = triggers.filter(({ dispara }) => dispara);
      for (const it of fired) out.warn(adviceOf(it));
      return fired.length === 0 ? 0 : 1;
    });
  },
});

function sentenceOf({ disparador, dispara, valor, umbral, muestras, actual, base }: Trigger): string {
  const verdict = dispara ? 'FIRES' : 'quiet';
  if (disparador === 'FALLOS') {
    if (valor === null) return 'failures: no hierarchical execution ended in the last 2 hours';
    return `failures: ${actual ?? 0} of ${muestras} executions of the last 2 hours (${valor.toFixed(1)} %, limit ${umbral} %): ${verdict}`;
  }
  if (actual === null) return 'duration: no hierarchical process completed in the last 7 days';
  if (base === null || valor === null) {
    return `duration: ${actual.toFixed(3)} s a fund over ${muestras} processes; no legacy process completed to compare with`;
  }
  return `duration: ${actual.toFixed(3)} s a fund over ${muestras} processes of the last 7 days, ${valor.toFixed(1)} % of the legacy ${base.toFixed(3)} s (limit ${umbral} %): ${verdict}`;
}

/** What the plan says to do (document 002, 'Rollback Plan'). */
function adviceOf({ disparador }: Trigger): string {
  return disparador === 'FALLOS'
    ? 'go back: carril rollout set LEGADO; let what runs end (carril status), look into the failures (carril status ID), then run those funds again'
    : 'look at the slowest services (carril trace bottlenecks ID) and their plans, add what indexes are missing; not better in 48 hours: carril rollout set LEGADO';
}
