import { dimensionales, homol, logs, trabajo } from '../../procedures/generated/index.js';
import type { Session } from '../../engine/index.js';
import { line } from '../conformance/ipa.js';
import { claim, sql } from './support.js';

export const date = '2021-01-06';

/** Funds of those names, with two positions and a cash line each on that date: 100 + 50 + 25. */
export async function loadFunds(
  session: Session,
  names: readonly string[],
  more: Partial<dimensionales.FilasFondosV1Row> = {},
): Promise<void> {
  await dimensionales.cargarFondos(session, {
    filas: names.map((name, i) => ({
      linea: i + 1,
      fundShortName: name,
      portfolioGeneva: name,
      flagUbs: false,
      flagDerivados: false,
      active: true,
      incluirEnCubo: true,
      ...more,
    })),
  });
  await homol.cargarIpa(session, {
    filas: names.flatMap((name, i) => [
      line(3 * i + 1, name, 'AAA', { cantidad: '10', precioLocal: '10', valorMercado: '100' }),
      line(3 * i + 2, name, 'BBB', { cantidad: '5', precioLocal: null, valorMercado: '50' }),
      line(3 * i + 3, name, 'USD CASH', {
        ticker: null,
        cantidad: '25',
        precioLocal: '1',
        valorMercado: '25',
      }),
    ]),
  });
}

/** A fund's execution, claimed. */
export interface Held {
  readonly idChunk: bigint;
  readonly idEjecucion: bigint;
  readonly token: bigint;
  readonly fondo: string;
}

/** Claims that many of a process's executions. */
export async function claimFunds(
  session: Session,
  idTrabajo: bigint,
  poseedor = 'w',
  maximo = 100,
): Promise<readonly Held[]> {
  const chunks = await trabajo.reclamarChunks(session, { poseedor, idTrabajo, maximo });
  return chunks.map(({ idChunk, rangoInicio, token, recurso }) => ({
    idChunk,
    idEjecucion: rangoInicio ?? 0n,
    token,
    fondo: recurso ?? '',
  }));
}

/** Starts a process of those funds and claims all of them, in the order of their names. */
export async function startAndClaim(
  session: Session,
  funds: readonly string[],
): Promise<{ readonly idProceso: bigint; readonly idTrabajo: bigint; readonly held: readonly Held[] }> {
  const { idProceso, idTrabajo } = await logs.inicializarProceso(session, {
    fechaReporte: date,
    fondos: funds.map((fundShortName) => ({ fundShortName })),
  });
  return { idProceso, idTrabajo, held: await claimFunds(session, idTrabajo) };
}

/**
 * Leaves IPA as the only service of the processes that start from now on: for tests of how a fund is run, whatever runs in it.
 */
export async function onlyIpa(session: Session): Promise<void> {
  await sql(session, "UPDATE logs.Servicios SET Activo = '0' WHERE Servicio <> 'IPA'");
}

/** Runs one lane until nothing of kind FONDOS is left to claim: services, completion, finalizer. Says how often it finalized. */
export async function lane(session: Session, poseedor: string): Promise<number> {
  let finalized = 0;
  for (;;) {
    const [chunk] = await claim(session, 'FONDOS', poseedor);
    if (chunk === undefined) return finalized;
    const execution = { idEjecucion: chunk.rangoInicio ?? 0n, token: chunk.token };
    const { id_proceso: idProceso, servicios } = JSON.parse(chunk.parametros ?? '{}') as {
      id_proceso: string;
      servicios: string[];
    };
    for (const servicio of servicios) await logs.ejecutarServicio(session, { ...execution, servicio });
    await logs.completarEjecucion(session, execution);
    const ended = await logs.finalizarProceso(session, { idProceso: BigInt(idProceso) });
    if (ended.finalizado) finalized++;
  }
}

/** A service's state on the fund's row, as it was written. */
export async function serviceState(
  session: Session,
  idEjecucion: bigint,
  servicio: string,
): Promise<unknown> {
  const [row] = await sql(
    session,
    'SELECT Estado FROM logs.vw_Ejecucion_Servicios WHERE ID_Ejecucion = ? AND Servicio = ?',
    [idEjecucion, servicio],
  );
  return row?.['estado'];
}
