import type { Row, Session } from '../engine/index.js';
import { builder, now, runQuery } from './builder.js';
import { hasTables, journalSchema } from './journal-schema.js';
import { authorColumns } from './journal-author.js';
import type { Author } from './journal-author.js';

/** What can happen to a migration or a procedure, and what carril.Historia calls it. */
const events = {
  applied: 'APLICADA',
  reverted: 'REVERTIDA',
  baselined: 'BASE',
  repaired: 'REPARADA',
  restarted: 'REINICIADA',
  recreated: 'RECREADA',
  dropped: 'ELIMINADA',
  adopted: 'ADOPTADA',
  replaced: 'REEMPLAZADA',
  restored: 'RESTAURADA',
  released: 'LIBERADA',
  granted: 'CONCEDIDA',
  revoked: 'RETIRADA',
} as const;

/** What it happened to, and what carril.Historia calls that. */
const kinds = { migration: 'MIGRACION', procedure: 'PROCEDIMIENTO', grant: 'PERMISO' } as const;

export type HistoryKind = keyof typeof kinds;

export type EventName = keyof typeof events;

export interface HistoryEvent {
  readonly event: EventName;
  readonly kind: HistoryKind;
  /** A migration's; of a procedure the one after which it can exist. */
  readonly number: number | undefined;
  readonly name: string;
  readonly checksum: string | undefined;
  readonly durationMs: number;
  /** Why, where somebody was asked: a repair, a migration declared by a baseline though its check failed. */
  readonly reason: string | undefined;
  readonly at: Date;
  readonly user: string;
  readonly login: string;
  readonly host: string;
  readonly version: string;
}

/** To be called in the transaction that does it. */
export async function recordEvent(
  session: Session,
  event: Pick<HistoryEvent, 'event' | 'kind' | 'name'> &
    Partial<Pick<HistoryEvent, 'number' | 'checksum' | 'durationMs' | 'reason'>>,
  author: Author,
): Promise<void> {
  const row = {
    suceso: events[event.event],
    clase: kinds[event.kind],
    numero: event.number ?? null,
    nombre: event.name,
    checksum: event.checksum ?? null,
    duracion_ms: event.durationMs ?? 0,
    motivo: event.reason?.slice(0, 2000) ?? null,
    en: now(session.dialect),
    ...authorColumns(session, author),
  };
  await runQuery(session, builder(session.dialect).withSchema(journalSchema).table('Historia').insert(row));
}

/** Oldest first; of a journal that an older carril left, what its migrations tell. */
export async function readHistory(session: Session): Promise<HistoryEvent[]> {
  const knex = builder(session.dialect).withSchema(journalSchema);
  if (await hasTables(session, ['Historia'])) {
    return (await runQuery(session, knex.table('Historia').select('*').orderBy('id'))).map(toEvent);
  }
  if (!(await hasTables(session, ['Migraciones']))) return [];
  const rows = await runQuery(session, knex.table('Migraciones').select('*').orderBy('aplicada_en'));
  return rows.map((row) =>
    toEvent({ ...row, suceso: row['estado'] ?? '', clase: 'MIGRACION', en: row['aplicada_en'] ?? null }),
  );
}

const names = new Map<string, EventName>(
  (Object.keys(events) as EventName[]).map((name) => [events[name], name]),
);

const kindNames = new Map<string, HistoryKind>(
  (Object.keys(kinds) as HistoryKind[]).map((name) => [kinds[name], name]),
);

function toEvent(row: Row): HistoryEvent {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    event: names.get(text('suceso') ?? '') ?? 'applied',
    kind: kindNames.get(text('clase') ?? '') ?? 'migration',
    number: typeof row['numero'] === 'number' ? row['numero'] : undefined,
    name: text('nombre') ?? '',
    checksum: text('checksum'),
    durationMs: Number(row['duracion_ms']),
    reason: text('motivo'),
    at: row['en'] as Date,
    user: text('usuario') ?? '',
    login: text('login') ?? '',
    host: text('equipo') ?? '',
    version: text('version') ?? '',
  };
}
