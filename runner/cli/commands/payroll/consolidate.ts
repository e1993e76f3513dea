import type { Engine } from '../../../../engine/index.js';
import { nomina } from '../../../../procedures/generated/index.js';
import { payrollHandler } from '../../../handlers/payroll.js';
import type { WorkerEvents } from '../../../lanes/events.js';
import { consolidationWorker, cutOff, planConsolidation } from '../../../payroll/consolidate.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseCount, parseDuration, parseId } from '../../durations.js';
import { interrupted } from '../../interrupt.js';
import { laneConnections, laneOptions, readLaneOptions } from '../../lane-options.js';
import type { LaneArguments } from '../../lane-options.js';
import type { Output } from '../../output.js';
import { workUntilInterrupted } from '../../work-until.js';
import { watchConsolidation } from './watch.js';

interface ConsolidateArguments extends LaneArguments {
  readonly id: string;
  readonly timeout: string;
}

export const consolidate = defineCommand<ConsolidateArguments>({
  command: 'consolidate <id>',
  describe: 'consolidate a closing in lanes, or join the consolidation that runs',
  builder: (args) =>
    laneOptions(
      args
        .positional('id', { type: 'string', demandOption: true, describe: 'the closing' })
        .option('timeout', {
          type: 'string',
          requiresArg: true,
          default: '5m',
          describe: 'time after which it is cut off: timeout_consolidacion',
        }),
    )
      .option('lanes', { type: 'string', default: 4, describe: 'chunks side by side' })
      .example('$0 payroll consolidate 4 --lanes 2', 'closing 4 with two lanes')
      .example('$0 payroll consolidate 4 --timeout 1h --json', 'for a script')
      .epilogue(
        'Exit 0 only when everything was consolidated (datos_consolidados). Ctrl-C gives the chunks back: the same command, or `carril work`, goes on. --json: {"state", "employees", "employees_per_s", "chunks", "chunk_size", "review_required"}.',
      ),
  handler: async (argv) => {
    const closing = parseId(argv.id, 'ID');
    const options = readLaneOptions(argv);
    const timeoutMs = parseCount(
      parseDuration(argv.timeout, '--timeout'),
      '--timeout',
      1000,
      30 * 24 * 3_600_000,
    );
    await withEngine(
      argv,
      (engine, out) => run(engine, closing, { ...options, timeoutMs }, out),
      laneConnections(options, 'carril payroll consolidate'),
    );
  },
});

async function run(
  engine: Engine,
  closing: bigint,
  options: { lanes: number; leaseSeconds: number; maxRunTimeMs: number; timeoutMs: number },
  out: Output,
): Promise<number> {
  const plan = await planConsolidation(engine, closing, options);
  const { job, chunks, employees, chunkSize, joined } = plan;
  out.note(
    `job ${job}: closing ${closing}, ${employees} employees, ${chunks} ${chunks === 1 ? 'chunk' : 'chunks'} (size ${chunkSize}): ${joined ? 'joined' : 'started'}`,
  );
  const { lanes, leaseSeconds, maxRunTimeMs } = options;
  const worker = consolidationWorker(engine, plan, {
    lanes,
    leaseSeconds,
    maxRunTimeMs,
    events: eventsFor(out),
  });
  const watch = watchConsolidation(engine, closing, job, out);
  const limit = cutOff(engine, job, options.timeoutMs);
  let stopped: boolean;
  try {
    stopped = await workUntilInterrupted(worker, out, 'chunks');
  } finally {
    limit.stop();
    watch.stop();
  }
  const state = await nomina.estadoConsolidacion(engine, { idCierre: closing }, { idempotent: true });
  out.document({
    state: state.estado,
    employees: state.empleadosProcesados,
    employees_per_s: Math.round((state.empleadosPorS ?? 0) * 10) / 10,
    chunks: state.chunks,
    chunk_size: state.tamanoChunk ?? chunkSize,
    review_required: state.revisionRequerida,
  });
  out.print(describe(state));
  if (stopped && state.estado === 'consolidando_datos') {
    out.note(`interrupted; \`carril payroll consolidate ${closing}\` goes on`);
    return interrupted;
  }
  if (state.estado === 'datos_consolidados') return 0;
  if (state.ultimoError !== null) out.warn(`a chunk failed: ${state.ultimoError}`);
  out.warn(`closing ${closing}: ${state.estado}; \`carril payroll rollback ${closing}\` takes it back`);
  return 1;
}

function describe(state: nomina.EstadoConsolidacionResult): string {
  const rate = Math.round(state.empleadosPorS ?? 0);
  const review = state.revisionRequerida ? ', review required' : '';
  return (
    `closing ${state.idCierre}: ${state.estado}${review}, ${state.empleadosProcesados} employees in ${(state.segundos ?? 0).toFixed(1)} s ` +
    `(${rate}/s), ${state.chunksCompletados}/${state.chunks} chunks, ${state.discrepancias} discrepancies`
  );
}

function eventsFor(out: Output): WorkerEvents {
  return {
    failed(chunk, message, retryAt) {
      const next = retryAt === null ? 'no further attempt' : `next attempt at ${retryAt.toISOString()}`;
      out.note(`${payrollHandler.nameOf(chunk)} failed (${next}): ${message}`);
    },
    split(chunk, _into, message) {
      out.note(`${payrollHandler.nameOf(chunk)} halved: ${message}`);
    },
    dropped(chunk, why, message) {
      out.note(`${payrollHandler.nameOf(chunk)} ${why}: ${message}`);
    },
    warning(message) {
      out.warn(message);
    },
  };
}
