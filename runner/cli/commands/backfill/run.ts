import { runBackfill } from '../../../backfill.js';
import { defineCommand, withEngine } from '../../context.js';
import {
  exitOf,
  paceOptions,
  parsePace,
  printSetAside,
  readSetAside,
  readState,
  sayStopped,
  setAsideJson,
  stateJson,
  withProgress,
} from './common.js';
import type { PaceArguments } from './common.js';

export const run = defineCommand<PaceArguments>({
  command: 'run',
  describe: 'take the history to one execution a fund, batch by batch',
  builder: (args) =>
    paceOptions(args, 10_000)
      .example('$0 backfill run', 'from wherever it stands to the end')
      .example('$0 backfill run --pause 200 --max-minutes 120', 'gently, for two hours')
      .example('$0 backfill run --json', '{ "ended", "state": { "phase", "rows", … }, "set_aside": [ … ] }')
      .epilogue(
        'Every batch is a transaction: it may be killed at any moment and goes on there. Runs that have not ended are left for a ' +
          'later call, and nothing that a process of the new way writes is touched.',
      ),
  handler: async (argv) => {
    const pace = parsePace(argv, 20_000);
    await withEngine(argv, async (engine, out) => {
      const before = await readState(engine);
      const end = await withProgress(
        engine,
        // every row is measured once and treated once
        {
          command: 'run',
          title: 'backfill',
          waitForMigrator: argv.waitForMigrator,
          total: before.filas * 2n,
          done: doneOf(before.fase, before),
        },
        out,
        async (loop) => await runBackfill(engine, { ...pace, ...loop }),
      );
      const state = await readState(engine);
      const setAside = await readSetAside(engine);
      out.document({ ended: end, state: stateJson(state), set_aside: setAsideJson(setAside) });
      if (end === 'done') {
        out.print(
          `${state.ejecuciones} runs are processes with ${state.nuevas} executions; ${state.cambiadas} rows re-keyed, ` +
            `${state.apartadas} set aside`,
        );
        printSetAside(setAside, out);
        if (state.sinProceso > 0n)
          out.note(`${state.sinProceso} executions have not ended yet: run it again when they have`);
        if (state.verificado === null) out.note('next: carril backfill verify');
      }
      sayStopped(end, 'run', out);
      return exitOf(end);
    });
  },
});

function doneOf(
  phase: string,
  { medidas, cambiadas }: { readonly medidas: bigint; readonly cambiadas: bigint },
): bigint {
  return ['NUEVO', 'REVERTIDO', 'COMPLETO'].includes(phase) ? 0n : medidas + cambiadas;
}
