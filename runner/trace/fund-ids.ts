import type { Session } from '../../engine/index.js';
import { dimensionales } from '../../procedures/generated/index.js';

/** How soon the fund master is read again for a name that was not in it. */
const againMs = 60_000;

/** IDs of funds by their short names: a chunk knows its fund by name only. */
export class FundIds {
  #ids: ReadonlyMap<string, number> = new Map();
  #readAt = -Infinity;

  /** Reads the fund master if one of their funds is not known yet. */
  async learn(session: Session, records: readonly { readonly fund?: string | undefined }[]): Promise<void> {
    for (const { fund } of records) {
      if (fund === undefined || this.#ids.has(fund)) continue;
      if (performance.now() - this.#readAt < againMs) return;
      const funds = await dimensionales.listarFondos(session, { idempotent: true });
      this.#ids = new Map(funds.map(({ fundShortName, idFund }) => [fundShortName, idFund]));
      this.#readAt = performance.now();
      return;
    }
  }

  idOf(name: string | undefined): number | null {
    return name === undefined ? null : (this.#ids.get(name) ?? null);
  }
}
