import type { Engine } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { metadataOf, readTraces } from '../trace/read.js';
import type { TraceRow } from '../trace/read.js';

/** A service's attempt, or a fund's whole time where there are no traces of it. Milliseconds since the epoch. */
export interface Bar {
  readonly stage: string;
  readonly from: number;
  readonly to: number;
  /** `open`: no end was recorded; `whole`: all of the fund, for want of traces. */
  readonly kind: 'done' | 'failed' | 'open' | 'whole';
  readonly note: string | null;
}

export interface Wait {
  readonly stage: string | null;
  readonly resource: string;
  readonly from: number;
  readonly to: number;
  /** Who held the lock, where the engine told. */
  readonly holder: string | null;
}

/** A fund's lane. */
export interface Lane {
  readonly name: string;
  readonly execution: bigint | null;
  readonly state: string;
  readonly attempts: number | null;
  readonly error: string | null;
  readonly bars: Bar[];
  readonly waits: Wait[];
}

export interface Report {
  readonly process: Awaited<ReturnType<typeof logs.estadoProceso>>;
  readonly lanes: readonly Lane[];
  readonly resources: readonly Awaited<ReturnType<typeof logs.trazaCuellos>>[number][];
  readonly traced: boolean;
  /** Different lanes of workers that are in the traces. */
  readonly workers: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Everything a report shows.
 * @throws ProcedureError NOT_FOUND when there is no such process
 */
export async function gatherReport(engine: Engine, id: bigint): Promise<Report> {
  const process = await logs.estadoProceso(engine, { idProceso: id }, { idempotent: true });
  const { idProceso } = process;
  const executions = await logs.estadoEjecuciones(engine, { idProceso }, { idempotent: true });
  const lanes = new Map<number | null, Lane>();
  for (const one of executions) {
    lanes.set(one.idFund, {
      name: one.fundShortName ?? `execution ${one.idEjecucion}`,
      execution: one.idEjecucion,
      state: one.estado,
      attempts: one.intento,
      error: one.mensajeError,
      bars: [],
      waits: [],
    });
  }

  const drawn = new Drawing(lanes);
  for await (const rows of readTraces(engine, { idProceso })) for (const row of rows) drawn.add(row);
  drawn.end();

  for (const one of executions) {
    const lane = lanes.get(one.idFund);
    if (lane === undefined || lane.bars.length > 0 || one.fechaInicio === null) continue;
    // a legacy execution's one row is of all funds, whose lanes the traces have
    if (one.idFund === null && drawn.traced) lanes.delete(null);
    else
      lane.bars.push({
        stage: 'whole',
        kind: 'whole',
        from: one.fechaInicio.getTime(),
        to: (one.fechaFin ?? new Date()).getTime(),
        note: null,
      });
  }
  const resources = drawn.traced ? await logs.trazaCuellos(engine, { idProceso }, { idempotent: true }) : [];
  const all = [...lanes.values()].toSorted(
    (a, b) => beginning(a) - beginning(b) || a.name.localeCompare(b.name),
  );
  const times = all.flatMap(({ bars, waits }) => [...bars, ...waits].flatMap(({ from, to }) => [from, to]));
  const now = process.fechaInicio.getTime();
  return {
    process,
    lanes: all,
    resources,
    traced: drawn.traced,
    workers: drawn.threads.size,
    from: times.reduce((a, b) => Math.min(a, b), times[0] ?? now),
    to: times.reduce((a, b) => Math.max(a, b), times[0] ?? now),
  };
}

function beginning({ bars }: Lane): number {
  return bars.reduce((first, { from }) => Math.min(first, from), Infinity);
}

/** Puts trace records into the lanes they belong to. */
class Drawing {
  traced = false;
  readonly threads = new Set<number>();
  readonly #lanes: Map<number | null, Lane>;
  readonly #open = new Map<string, { readonly row: TraceRow; readonly lane: Lane }>();
  #last = 0;

  constructor(lanes: Map<number | null, Lane>) {
    this.#lanes = lanes;
  }

  add(row: TraceRow): void {
    this.traced = true;
    this.#last = row.timestamp.getTime();
    if (row.threadId !== null) this.threads.add(row.threadId);
    const lane = this.#laneOf(row);
    const key = `${row.idFund ?? ''} ${row.subEtapa ?? ''} ${row.etapa ?? ''}`;
    const from = this.#last - (row.duracionMs ?? 0);
    switch (row.tipoEvento) {
      case 'START':
        this.#open.set(key, { row, lane });
        return;
      case 'END':
      case 'ERROR': {
        this.#open.delete(key);
        const failed = row.tipoEvento === 'ERROR';
        const { mensaje } = metadataOf(row);
        lane.bars.push({
          stage: row.etapa ?? '',
          from,
          to: this.#last,
          kind: failed ? 'failed' : 'done',
          note: failed && typeof mensaje === 'string' ? mensaje : null,
        });
        return;
      }
      case 'WAIT':
        lane.waits.push({
          stage: row.etapa,
          resource: row.recurso ?? '',
          from,
          to: this.#last,
          holder: holderOf(row),
        });
    }
  }

  /** What has no end yet is drawn to where the traces end. */
  end(): void {
    for (const { row, lane } of this.#open.values()) {
      lane.bars.push({
        stage: row.etapa ?? '',
        from: row.timestamp.getTime(),
        to: this.#last,
        kind: 'open',
        note: 'no end was recorded: still running, or its worker was killed',
      });
    }
  }

  #laneOf(row: TraceRow): Lane {
    const found = this.#lanes.get(row.idFund);
    if (found !== undefined) return found;
    const lane: Lane = {
      name: row.fundShortName ?? (row.idFund === null ? 'other' : `fund ${row.idFund}`),
      execution: row.idEjecucion,
      state: '',
      attempts: null,
      error: null,
      bars: [],
      waits: [],
    };
    this.#lanes.set(row.idFund, lane);
    return lane;
  }
}

/** The session that a lock was waited for, in words. */
function holderOf(row: TraceRow): string | null {
  const holder = metadataOf(row)['bloqueador'];
  if (typeof holder !== 'object' || holder === null) return null;
  const { sesion, programa, chunk } = holder as Readonly<Record<string, unknown>>;
  const said = [
    typeof programa === 'string' ? programa : null,
    typeof sesion === 'number' ? `session ${sesion}` : null,
    typeof chunk === 'string' ? `chunk ${chunk}` : null,
  ].filter((part) => part !== null);
  return said.length === 0 ? null : said.join(', ');
}
