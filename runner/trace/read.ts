import type { Session } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';

export type TraceRow = Awaited<ReturnType<typeof logs.trazaRegistros>>[number];

/** What traces are asked for: a process (or one of its executions, or a legacy ID_Ejecucion), or a job. */
export type TraceQuestion = { readonly idProceso: bigint } | { readonly idTrabajo: bigint };

const pageRows = 5000;

/**
 * All records in the order of their time, a page at a time, each event once: a bulk load that was repeated after a lost
 * connection may have come in twice.
 */
export async function* readTraces(
  session: Session,
  question: TraceQuestion,
): AsyncGenerator<readonly TraceRow[]> {
  let desde: Date | null = null;
  let despuesDe = 0n;
  let moment = 0;
  const seen = new Set<string>();
  for (;;) {
    const rows: readonly TraceRow[] = await logs.trazaRegistros(
      session,
      { ...question, desde, despuesDe, maximo: pageRows },
      { idempotent: true },
    );
    yield rows.filter((row) => {
      if (row.timestamp.getTime() !== moment) {
        moment = row.timestamp.getTime();
        seen.clear();
      }
      const key = JSON.stringify([
        ...[row.subEtapa, row.etapa, row.tipoEvento, row.recurso, row.duracionMs, row.threadId, row.idFund],
        String(row.idEjecucion),
      ]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    desde = last.timestamp;
    despuesDe = last.idTrace;
  }
}

/** A record's Metadata, as far as it is the JSON object that it should be. */
export function metadataOf({ metadata }: Pick<TraceRow, 'metadata'>): Readonly<Record<string, unknown>> {
  if (metadata === null) return {};
  try {
    const value: unknown = JSON.parse(metadata);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return { texto: metadata };
  }
}
