import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';

/**
 * Names of prepared statements: a call that a connection has made before is neither parsed nor planned again, which is a tenth
 * or more of what a short call costs the server. The name is the text's hash, so that behind a pooler the same name is the
 * same statement, whoever prepared it.
 */
export class Statements {
  readonly #names = new Map<string, string>();
  #refused = false;

  /** Undefined where the server, or a pooler in front of it, has shown that statements do not stay with the connection. */
  nameOf(text: string): string | undefined {
    if (this.#refused) return undefined;
    let name = this.#names.get(text);
    if (name === undefined) {
      name = `carril_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
      this.#names.set(text, name);
    }
    return name;
  }

  /**
   * Whether the error says that a prepared statement was not there, was there already, or no longer fits the function that it
   * calls. It failed before anything ran; from now on calls go unprepared.
   */
  refuse(error: unknown): boolean {
    const { code, routine } = error as { readonly code?: unknown; readonly routine?: unknown };
    // 0A000 means much; that it comes from there means that the function returns another shape than it did
    const stale =
      code === '26000' || code === '42P05' || (code === '0A000' && routine === 'RevalidateCachedQuery');
    this.#refused ||= stale;
    return stale;
  }
}

/** DISCARD ALL has dropped them on the server; node-postgres must not believe that they are still there. */
export function forgetStatements(client: PoolClient): void {
  const { connection } = client as unknown as { connection: { parsedStatements: Record<string, string> } };
  connection.parsedStatements = {};
}
