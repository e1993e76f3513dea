import type { Arguments, CallOptions, CallResult, Engine, Procedure } from '../engine/index.js';

/** One call of a procedure, as its caller saw it. */
export interface MeasuredCall {
  readonly procedure: string;
  readonly ms: number;
  /** `Duracion_Ms` of a procedure that measures itself. */
  readonly serverMs: number | undefined;
  /** `Servicio`, of a procedure that runs one. */
  readonly service: string | undefined;
}

/** The same engine; every procedure call on its pool is told to `onCall`, every one that failed to `onError`. */
export function measured(
  engine: Engine,
  onCall: (call: MeasuredCall) => void,
  onError: (error: unknown) => void = () => undefined,
): Engine {
  return {
    dialect: engine.dialect,
    description: engine.description,
    async call(procedure: Procedure, args: Arguments, options?: CallOptions): Promise<CallResult> {
      const begun = performance.now();
      const result = await engine.call(procedure, args, options).catch((error: unknown) => {
        onError(error);
        throw error;
      });
      const serverMs = result.results[0]?.[0]?.['Duracion_Ms'];
      onCall({
        procedure: procedure.name,
        ms: performance.now() - begun,
        serverMs: typeof serverMs === 'number' ? serverMs : undefined,
        service: serviceOf(procedure, args),
      });
      return result;
    },
    query: (sql, values, options) => engine.query(sql, values, options),
    batch: (sql, options) => engine.batch(sql, options),
    bulk: (table, columns, rows, options) => engine.bulk(table, columns, rows, options),
    connection: (work) => engine.connection(work),
    transaction: (work) => engine.transaction(work),
    openConnections: () => engine.openConnections(),
    close: () => engine.close(),
  };
}

/** Only what runs a service counts as one: recording that it failed does not. */
function serviceOf({ name }: Procedure, args: Arguments): string | undefined {
  if (!/\.sp_(?:Ejecutar_Servicio|Extraer_Legado)/.test(name)) return undefined;
  const service = args['Servicio'];
  return typeof service === 'string' ? service : undefined;
}

export interface Timings {
  readonly calls: number;
  readonly total_ms: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** Percentiles by nearest rank. */
export function timingsOf(values: readonly number[]): Timings {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return {
    calls: sorted.length,
    total_ms: round(sorted.reduce((sum, ms) => sum + ms, 0)),
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    max_ms: at(1),
  };
}

export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
