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

/**
 * Looks tokens up, and remembers what it found for a moment: a page asks several times a second, and two hundred streams of one
 * token may begin at once.
 */
export class Credentials {
  readonly #session: Session;
  readonly #remembered = new Map<string, { readonly until: number; readonly credential: Credential }>();
  readonly #asking = new Map<string, Promise<Credential | undefined>>();

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Undefined for a token that opens nothing: unknown, revoked or expired.
   * @param mayAsk told before the database is asked; throws what the caller gets instead
   */
  async find(token: string, mayAsk: () => Promise<void>): Promise<Credential | undefined> {
    const fingerprint = fingerprintOf(token);
    const remembered = this.#remembered.get(fingerprint);
    if (remembered !== undefined && remembered.until > Date.now()) return remembered.credential;
    const asking = this.#asking.get(fingerprint) ?? this.#ask(fingerprint, mayAsk);
    this.#asking.set(fingerprint, asking);
    return await asking;
  }

  async #ask(fingerprint: string, mayAsk: () => Promise<void>): Promise<Credential | undefined> {
    try {
      await mayAsk();
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
    } finally {
      this.#asking.delete(fingerprint);
    }
  }
}

/** Whether anybody could log in: a credential that is neither revoked nor expired. */
export async function hasCredentials(session: Session): Promise<boolean> {
  const all = await trabajo.listarCredenciales(session, { idempotent: true });
  return all.some(({ revocada, vence }) => revocada === null && (vence === null || vence > new Date()));
}
