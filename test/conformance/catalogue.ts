import type { Session } from '../../engine/index.js';
import { sql } from '../leases/support.js';

/** Leaves one service in the catalogue, active, depending on nothing. */
export async function onlyService(session: Session, service: string): Promise<void> {
  await sql(session, 'UPDATE logs.Servicios SET Depende_De = NULL, Activo = ?', [true]);
  await sql(session, 'DELETE FROM logs.Servicio_Procedimientos WHERE Servicio <> ?', [service]);
  await sql(session, 'DELETE FROM logs.Servicios WHERE Servicio <> ?', [service]);
}

/** Adds a service with one step, which by default does what IPA's extraction does. */
export async function addService(
  session: Session,
  service: string,
  order: number,
  more: { dependeDe?: string; flag?: string; step?: string } = {},
): Promise<void> {
  await sql(session, 'INSERT INTO logs.Servicios (Servicio, Orden, Flag, Depende_De) VALUES (?, ?, ?, ?)', [
    service,
    order,
    more.flag ?? null,
    more.dependeDe ?? null,
  ]);
  await sql(
    session,
    'INSERT INTO logs.Servicio_Procedimientos (Servicio, Orden, Procedimiento) VALUES (?, 1, ?)',
    [service, more.step ?? 'extract.Extract_IPA'],
  );
}
