import type { Session } from '../../engine/index.js';
import type { nomina } from '../../procedures/generated/index.js';
import type { SourceEmployee, SourceMovement } from './sources.js';
import { syntheticName, syntheticPayroll } from './synthetic.js';
import type { SyntheticPayroll } from './synthetic.js';
import { closeLoad, openLoad, writeEmployees, writeMovements } from './write.js';

/** Rows that are made up at a time: memory does not grow with the closing. */
const rowsAtATime = 2000;

/** Loads a made-up closing, always a new one. */
export async function generatePayroll(
  session: Session,
  options: SyntheticPayroll,
  { written, signal }: { written?: (employees: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<nomina.TerminarCargaResult & { readonly closing: bigint }> {
  const brought = { libro: true, novedades: true, analyst: true };
  const { closing } = await openLoad(session, syntheticName(options), brought, { fresh: true, signal });
  let libro: SourceEmployee[] = [];
  let novedades: SourceEmployee[] = [];
  let movements: SourceMovement[] = [];
  const flush = async () => {
    await writeEmployees(session, closing, 'libro', libro, { ...(written && { written }), signal });
    await writeEmployees(session, closing, 'novedades', novedades, { signal });
    await writeMovements(session, closing, movements, { signal });
    [libro, novedades, movements] = [[], [], []];
  };
  for (const row of syntheticPayroll(options)) {
    libro.push(row.libro);
    novedades.push(...row.novedades);
    movements.push(...row.movements);
    if (libro.length === rowsAtATime) await flush();
  }
  await flush();
  return { closing, ...(await closeLoad(session, closing)) };
}
