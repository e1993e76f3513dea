import type { Engine } from '../../engine/index.js';
import type { Catalog } from '../catalog.js';
import { Problems } from '../source.js';
import type { LiveComparison } from './model.js';
import { comparePostgres } from './postgres.js';
import { compareSqlServer } from './sqlserver.js';

export type { LiveComparison } from './model.js';

/** Compares every contract with what the database's own catalog says of the procedure; changes nothing. */
export async function compareLive(catalog: Catalog, engine: Engine): Promise<LiveComparison> {
  const differences = new Problems();
  const notes = new Problems();
  if (engine.dialect === 'postgres') await comparePostgres(catalog, engine, differences);
  else await compareSqlServer(catalog, engine, differences, notes);
  return {
    compared: catalog.procedures.length,
    differences: differences.sorted(),
    notes: notes.sorted(),
  };
}
