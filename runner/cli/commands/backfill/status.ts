import { defineCommand, withEngine } from '../../context.js';
import { agoOf } from '../../spans.js';
import { printSetAside, readSetAside, readState, setAsideJson, stateJson } from './common.js';
import type { State } from './common.js';

export const status = defineCommand({
  command: 'status',
  describe: 'show how far the backfill is',
  builder: (args) =>
    args
      .example('$0 backfill status', 'its phase, how many rows, and what was set aside')
      .example('$0 backfill status --json', '{ "state": { "phase", "rows", … }, "set_aside": [ … ] }'),
  handler: async (argv) => {
    await withEngine(argv, async (engine, out) => {
      const state = await readState(engine);
      const setAside = await readSetAside(engine);
      out.document({ state: stateJson(state), set_aside: setAsideJson(setAside) });
      out.print(
        `${sayPhase(state)}${state.ultimo === null ? '' : `, last batch ${agoOf(state.ultimo)} ago`}`,
      );
      const measured = ['NUEVO', 'LIMPIEZA', 'INVENTARIO', 'MEDICION'].includes(state.fase) ? 'about ' : '';
      out.print(
        `  rows       ${measured}${state.filas}, ${state.medidas} measured, ${state.cambiadas} re-keyed`,
      );
      out.print(`  runs       ${state.ejecuciones}, with ${state.nuevas} executions of one fund`);
      out.print(`  set aside  ${state.apartadas}`);
      out.print(`  without a process  ${state.sinProceso} executions`);
      if (state.verificado !== null) out.print(`  verified   ${state.verificado.toISOString()}`);
      if (state.terminado !== null) out.print(`  finished   ${state.terminado.toISOString()}`);
      printSetAside(setAside, out);
    });
  },
});

function sayPhase({ fase, tabla }: State): string {
  const phases: Readonly<Record<string, string>> = {
    NUEVO: 'not begun',
    LIMPIEZA: 'clearing what an earlier backfill left',
    INVENTARIO: 'listing runs and funds',
    MEDICION: 'measuring what is there',
    PROCESOS: 'making processes and executions',
    FILAS: 're-keying rows',
    COMPLETO: 'complete',
    REVIRTIENDO: 'reverting',
    REVERTIDO: 'reverted',
  };
  return `${fase}: ${phases[fase] ?? fase}${tabla === null ? '' : ` of ${tabla}`}`;
}
