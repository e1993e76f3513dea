import { setTimeout as sleep } from 'node:timers/promises';

import { nomina } from '../../../../procedures/generated/index.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseId } from '../../durations.js';
import { interrupted, onInterrupt } from '../../interrupt.js';
import type { Output } from '../../output.js';
import { spanOf } from '../../spans.js';
import { askEveryMs, progressLine } from './watch.js';

interface StatusArguments {
  readonly id: string;
  readonly watch: boolean;
}

type State = nomina.EstadoConsolidacionResult;

export const status = defineCommand<StatusArguments>({
  command: 'status <id>',
  describe: 'show a closing and how far its consolidation is',
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'the closing' })
      .option('watch', {
        type: 'boolean',
        default: false,
        describe: 'once a second, until the consolidation has ended; waits for one that has not begun',
      })
      .example('$0 payroll status 4', 'once')
      .example('$0 payroll status 4 --watch', 'until it has ended')
      .epilogue('With --watch --json the document is that of the end.'),
  handler: async (argv) => {
    const idCierre = parseId(argv.id, 'ID');
    await withEngine(argv, async (engine, out) => {
      const ask = () => nomina.estadoConsolidacion(engine, { idCierre }, { idempotent: true });
      const [state, stopped] = argv.watch ? await watched(ask, out) : [await ask(), false];
      out.document(documentOf(state));
      show(state, out);
      return stopped ? interrupted : 0;
    });
  },
});

/** Until it has ended, or Ctrl-C: then the second value is true. */
async function watched(ask: () => Promise<State>, out: Output): Promise<[State, boolean]> {
  const controller = new AbortController();
  const release = onInterrupt(() => {
    controller.abort();
  });
  const progress = out.live ? out.progress('', 100) : undefined;
  let said = '';
  try {
    for (;;) {
      const state = await ask();
      const waiting = state.idTrabajo === null;
      const line = waiting ? 'waiting for the consolidation to begin' : progressLine(state);
      if (progress !== undefined) progress.update(Math.floor(state.porcentaje), line);
      // in a pipe, a line only when there is news
      else if (line !== said) out.note(line);
      said = line;
      if (!waiting && state.estado !== 'consolidando_datos') return [state, false];
      await sleep(askEveryMs, undefined, { signal: controller.signal }).catch(() => undefined);
      if (controller.signal.aborted) return [state, true];
    }
  } finally {
    progress?.stop();
    release();
  }
}

function documentOf(state: State) {
  return {
    closing_id: state.idCierre,
    client: state.cliente,
    month: `${state.anno}-${String(state.mes).padStart(2, '0')}`,
    state: state.estado,
    review_required: state.revisionRequerida,
    job: state.idTrabajo,
    employees: state.empleados,
    employees_done: state.empleadosProcesados,
    records: state.registros,
    chunks: state.chunks,
    chunks_done: state.chunksCompletados,
    chunks_failed: state.chunksFallidos,
    chunk_size: state.tamanoChunk,
    percent: Math.round(state.porcentaje * 10) / 10,
    seconds: state.segundos,
    employees_per_s: state.empleadosPorS,
    eta_s: state.faltanS,
    discrepancies: state.discrepancias,
    haberes: state.totalHaberes,
    descuentos: state.totalDescuentos,
    liquido: state.liquidoPagar,
    error: state.ultimoError,
  };
}

function show(state: State, out: Output): void {
  const rows: [string, string | number | bigint | null][] = [
    ['closing', `${state.idCierre} of ${state.cliente}, ${state.anno}-${String(state.mes).padStart(2, '0')}`],
    ['state', `${state.estado}${state.revisionRequerida ? ', review required' : ''}`],
    ['employees', state.empleados],
    ['discrepancies', state.discrepancias],
  ];
  if (state.idTrabajo !== null)
    rows.push(
      ['job', state.idTrabajo],
      ['progress', progressLine(state)],
      [
        'chunks',
        `${state.chunksCompletados} of ${state.chunks}, ${state.chunksFallidos} failed, size ${state.tamanoChunk ?? '?'}`,
      ],
      ['employees/s', Math.round(state.empleadosPorS ?? 0)],
      ['time', spanOf(state.segundos ?? 0)],
    );
  if (state.liquidoPagar !== null)
    rows.push(
      ['haberes', state.totalHaberes],
      ['descuentos', state.totalDescuentos],
      ['líquido', state.liquidoPagar],
    );
  if (state.ultimoError !== null) rows.push(['error', state.ultimoError]);
  const width = Math.max(...rows.map(([title]) => title.length));
  for (const [title, value] of rows) out.print(`${title.padEnd(width)}  ${String(value ?? '')}`);
}
