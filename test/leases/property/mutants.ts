/** The protocol, broken in one way each: what the property test must notice. PostgreSQL. */
import type { Session } from '../../../engine/index.js';

export interface Mutant {
  readonly name: string;
  /** Procedure of schema trabajo, what to look for in it, and what stands there instead. */
  readonly edits: readonly (readonly [procedure: string, find: RegExp, instead: string])[];
}

const chunkLock =
  /NOT pg_try_advisory_xact_lock\(hashtextextended\('carril:chunk:' \|\| v_vencido\.id_chunk, 0\)\)/;

export const mutants: readonly Mutant[] = [
  {
    name: 'a claim leaves the token as it is',
    edits: [['sp_reclamar_paso', /token = c\.token \+ 1/g, 'token = greatest(c.token, 1)']],
  },
  {
    name: 'a claim takes leases that have not expired',
    edits: [['sp_reclamar_paso', /c\.expira < v_ahora/g, 'c.expira IS NOT NULL']],
  },
  {
    name: 'a claim takes an expired chunk without its lock',
    edits: [['sp_reclamar_paso', chunkLock, 'false']],
  },
  {
    name: 'a claim does not count attempts',
    edits: [['sp_reclamar_paso', /v_vencido\.intento >= v_trabajo\.max_intentos/, 'false']],
  },
  {
    name: 'a claim does not wait for backoffs',
    edits: [['sp_reclamar_paso', /AND \(c\.no_antes_de IS NULL OR c\.no_antes_de <= v_ahora\)/g, '']],
  },
  {
    name: 'a claim waits for rows that others hold',
    edits: [['sp_reclamar_paso', /FOR NO KEY UPDATE SKIP LOCKED/g, 'FOR NO KEY UPDATE']],
  },
  {
    name: 'a claim does not take the job’s lock',
    edits: [['sp_reclamar_paso', /CONTINUE WHEN NOT pg_try_advisory_xact_lock_shared\([^;]*;/, '']],
  },
  {
    name: 'work does not compare the token',
    edits: [
      ['sp_tomar_chunk', /v_actual <> p_Token/, 'false'],
      ['sp_cerrar_chunk', /c\.token = p_Token AND/, ''],
    ],
  },
  {
    name: 'work does not take the chunk’s lock',
    edits: [['sp_tomar_chunk', /PERFORM trabajo\.sp_Bloquear\([^;]*;/, '']],
  },
  {
    name: 'a batch is completed whatever its tokens are',
    edits: [['sp_completar_chunks', /AND c\.token = d\.token AND/g, 'AND']],
  },
  {
    name: 'giving back sets the token to where it was',
    edits: [
      ['sp_devolver_chunk', /intento = c\.intento - 1/, 'intento = c.intento - 1, token = c.token - 1'],
    ],
  },
  {
    name: 'a failure is recorded twice',
    edits: [
      ['sp_registrar_fallo', /IF NOT v_vigente THEN/, 'IF false THEN'],
      ['sp_registrar_fallo', /AND c\.poseedor IS NOT NULL/, ''],
      ['sp_cerrar_chunk', /AND c\.poseedor IS NOT NULL/, ''],
    ],
  },
  {
    name: 'a heartbeat renews by holder, not by token',
    edits: [['sp_renovar_chunks', /c\.token = a\."Token" AND/, '']],
  },
  {
    name: 'a heartbeat waits for rows that others hold',
    edits: [['sp_renovar_chunks', /FOR NO KEY UPDATE SKIP LOCKED/, 'FOR NO KEY UPDATE']],
  },
  {
    name: 'cancelling does not take the job’s lock',
    edits: [['sp_cancelar_trabajo', /PERFORM trabajo\.sp_Bloquear\([^;]*;/, '']],
  },
  {
    name: 'a cancelled job’s expired leases are swept without their locks',
    edits: [['sp_barrer_cancelado', /CONTINUE WHEN NOT trabajo\.sp_Bloquear\([^;]*;/, '']],
  },
  {
    name: 'the finalizer does not count again',
    edits: [['sp_cerrar_trabajo', /IF v_pendientes > 0 THEN\s+RETURN;\s+END IF;/, '']],
  },
  {
    name: 'two finalizers both end the job',
    edits: [
      ['sp_finalizar_trabajo', /PERFORM trabajo\.sp_Bloquear\([^;]*;/, ''],
      [
        'sp_cerrar_trabajo',
        /WHERE t\.id_trabajo = p_ID_Trabajo AND t\.estado = 'EN_PROGRESO'/,
        'WHERE t.id_trabajo = p_ID_Trabajo',
      ],
    ],
  },
  {
    name: 'a split leaves the chunk beside its halves',
    edits: [['sp_partir_chunk', /PERFORM trabajo\.sp_Cerrar_Chunk\([^;]*;/, '']],
  },
  {
    name: 'a split loses a unit of the range',
    edits: [['sp_partir_chunk', /, v_corte, v_chunk\.fin,/, ', v_corte + 1, v_chunk.fin,']],
  },
  {
    name: 'a retry begins with token 0',
    edits: [['sp_reintentar_trabajo', /intento = 0,/, 'intento = 0, token = 0,']],
  },
  {
    name: 'a retry takes completed chunks as well',
    edits: [
      ['sp_reintentar_trabajo', /IN \('ERROR', 'CANCELADO'\)/g, "IN ('ERROR', 'CANCELADO', 'COMPLETADO')"],
    ],
  },
];

/**
 * Puts the broken procedures in place of the database's, and gives back what puts the right ones there again.
 * @throws when an edit finds nothing to change: the procedure was rewritten, and the mutant must follow
 */
export async function breakProtocol(session: Session, { name, edits }: Mutant): Promise<() => Promise<void>> {
  const originals = new Map<string, string>();
  const broken = new Map<string, string>();
  for (const [procedure, find, instead] of edits) {
    const [row] = await session.query('SELECT pg_get_functiondef(to_regproc($1)::oid) AS definition', [
      `trabajo.${procedure}`,
    ]);
    const original = originals.get(procedure) ?? String(row?.['definition']);
    const before = broken.get(procedure) ?? original;
    const after = before.replace(find, instead);
    if (after === before) throw new Error(`mutant '${name}': ${procedure} has no ${String(find)}`);
    originals.set(procedure, original);
    broken.set(procedure, after);
  }
  for (const definition of broken.values()) await session.batch(definition);
  return async () => {
    for (const definition of originals.values()) await session.batch(definition);
  };
}
