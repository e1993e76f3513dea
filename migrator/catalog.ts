import type { Session } from '../engine/index.js';
import { postgresCatalog } from './catalog-postgres.js';
import { sqlserverCatalog } from './catalog-sqlserver.js';
import { journalSchema } from './journal-schema.js';

/** One thing the engine's catalog knows: a table, a column, a grant… */
export interface CatalogObject {
  /** `table`, `column`, `function`… */
  readonly kind: string;
  /** Within its kind, as `logs.procesos.id_proceso`. */
  readonly name: string;
  /** Everything that makes it what it is, as the engine writes it; without what says nothing (oids, sizes, statistics). */
  readonly definition: string;
  /** The table or view that it is a part of, where its name does not say so (an index of PostgreSQL's). */
  readonly parent?: string;
}

/** A database's schemas, object by object, sorted by kind and name. */
export type Snapshot = readonly CatalogObject[];

export interface CatalogDifference {
  readonly kind: string;
  readonly name: string;
  /** undefined: not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Reads every schema but the engine's own and the journal's, from the engine's catalog. */
export async function catalogSnapshot(session: Session): Promise<Snapshot> {
  const queries = session.dialect === 'postgres' ? postgresCatalog : sqlserverCatalog;
  const objects: CatalogObject[] = [];
  for (const [kind, sql] of Object.entries(queries)) {
    for (const row of await session.query(sql)) {
      const name = String(row['name']);
      if (name !== journalSchema && !name.startsWith(`${journalSchema}.`)) {
        const { parent } = row;
        objects.push({
          kind,
          name,
          definition: String(row['definition']),
          ...(typeof parent === 'string' ? { parent } : {}),
        });
      }
    }
  }
  return objects.sort(
    (a, b) => order(a.kind, b.kind) || order(a.name, b.name) || order(a.definition, b.definition),
  );
}

/** What one has and the other lacks or has otherwise; empty when they are the same. */
export function compareSnapshots(before: Snapshot, after: Snapshot): CatalogDifference[] {
  const left = byKey(before);
  const right = byKey(after);
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((key) => {
    const old = left.get(key);
    const now = right.get(key);
    if (old?.definition === now?.definition) return [];
    const either = old ?? now;
    if (either === undefined) return [];
    return [{ kind: either.kind, name: either.name, before: old?.definition, after: now?.definition }];
  });
}

/** Several rows of one name (grants) count as one object. */
function byKey(snapshot: Snapshot): Map<string, CatalogObject> {
  const objects = new Map<string, CatalogObject>();
  for (const object of snapshot) {
    const key = `${object.kind} ${object.name}`;
    const same = objects.get(key);
    objects.set(
      key,
      same === undefined ? object : { ...object, definition: `${same.definition}\n${object.definition}` },
    );
  }
  return objects;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
