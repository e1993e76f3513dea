import type { Session } from '../../engine/index.js';
import { backfilledTables } from './brownfield.js';

/** Statement triggers that keep how many rows each statement wrote to a table. */
export async function auditStatements(session: Session): Promise<void> {
  await session.batch(`
    CREATE TABLE public.Audit (Tabla text, Filas bigint);
    GRANT INSERT ON public.Audit TO PUBLIC;
    CREATE FUNCTION public.Audit_Statement() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO public.Audit SELECT TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, count(*) FROM filas;
      RETURN NULL;
    END $$;
  `);
  for (const table of [
    ...backfilledTables,
    'logs.Procesos',
    'logs.Backfill_Mapa',
    'logs.Backfill_Apartados',
  ]) {
    for (const [verb, rows] of [
      ['INSERT', 'NEW'],
      ['UPDATE', 'NEW'],
      ['DELETE', 'OLD'],
    ] as const)
      await session.batch(`
        CREATE TRIGGER Audit_${verb} AFTER ${verb} ON ${table}
        REFERENCING ${rows} TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION public.Audit_Statement()`);
  }
}

/** The most rows that one statement wrote. */
export async function largestStatement(session: Session): Promise<number> {
  const [row] = await session.query('SELECT max(Filas)::integer AS n FROM public.Audit');
  return Number(row?.['n']);
}
