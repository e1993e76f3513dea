import { createHash, randomBytes } from 'node:crypto';

import type { Session } from '../../engine/index.js';
import { trabajo } from '../../procedures/generated/index.js';
import { roleFromDatabase, roleInDatabase } from './roles.js';
import type { Role } from './roles.js';

export interface Credential {
  readonly id: bigint;
  readonly name: string;
  readonly role: Role;
}

/** How long a revoked token may go on working: what was found is remembered so long. */
const rememberedMs = 5000;

const mostRemembered = 1000;

/** 256 random bits behind a prefix by which secret scanners can tell what leaked. */
export function newToken(): string {
  return `carril_${randomBytes(32).toString('base64url')}`;
}

/** A token is random and long: one round of SHA-256 keeps it as safe as a slow hash would. */
export function fingerprintOf(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** Makes a credential; its token is nowhere but in the answer. @throws ProcedureError BAD_ARGUMENT */
export async function createCredential(
  session: Session,
  name: string,
  role: Role,
  expires: Date | null,
): Promise<{ readonly id: bigint; readonly token: string }> {
  const token = newToken();
  const { idCredencial } = await trabajo.crearCredencial(
    session,
    { nombre: name, rol: roleInDatabase(role), huella: fingerprintOf(token), vence: expires },
    { idempotent: true },
  );
  return { id: idCredencial, token };
}

/** Looks tokens up, and remembers what it found for a moment: a page asks several times a second. */
export class Credentials {
  readonly #session: Session;
  readonly #remembered = new Map<string, { readonly until: number; readonly credential: Credential }>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** What was found for a token a moment ago. */
  remembered(token: string): Credential | undefined {
    const remembered = this.#remembered.get(fingerprintOf(token));
    return remembered !== undefined && remembered.until > Date.now() ? remembered.credential : undefined;
  }

  /** Asks the database. Undefined for a token that opens nothing: unknown, revoked or expired. */
  async find(token: string): Promise<Credential | undefined> {
    const fingerprint = fingerprintOf(token);
    this.#remembered.delete(fingerprint);
    const [row] = await trabajo.comprobarCredencial(
      this.#session,
      { huella: fingerprint },
      { idempotent: true },
    );
    if (row === undefined) return undefined;
    const credential = { id: row.idCredencial, name: row.nombre, role: roleFromDatabase(row.rol) };
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(fingerprint, { until: Date.now() + rememberedMs, credential });
    return credential;
  }
}

/** Whether anybody could log in: a credential that is neither revoked nor expired. */
export async function hasCredentials(session: Session): Promise<boolean> {
  const all = await trabajo.listarCredenciales(session, { idempotent: true });
  return all.some(({ revocada, vence }) => revocada === null && (vence === null || vence > new Date()));
}
