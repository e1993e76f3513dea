import type { LockHolder } from './holder.js';

/** What the migrator is doing, for progress lines. */
export type MigratorEvent =
  | { readonly kind: 'waiting'; readonly holder: LockHolder | undefined }
  | {
      readonly kind: 'migration';
      readonly direction: 'up' | 'down';
      readonly phase: 'start' | 'done';
      readonly number: number;
      readonly name: string;
      /** 0 at the start. */
      readonly durationMs: number;
    }
  | ({ readonly kind: 'procedure' } & ProcedureChange)
  /** A statement of a script that runs outside a transaction. */
  | {
      readonly kind: 'step';
      readonly phase: 'waiting' | 'skipped' | 'cleaned' | 'done';
      /** 1-based, of `total`. */
      readonly statement: number;
      readonly total: number;
      readonly name: string;
    }
  /** A grant that the files declare and the database lacked, or the reverse. */
  | { readonly kind: 'grant'; readonly action: 'granted' | 'revoked'; readonly grant: string }
  /** Something that does not stop the run. */
  | { readonly kind: 'warning'; readonly message: string };

export type OnProgress = (event: MigratorEvent) => void;

/**
 * What was done to a procedure. recreated: dropped with what hung on it, because its shape changed, and made again;
 * adopted: there before carril, and kept; replaced: there before carril, saved and replaced; restored: what had been
 * replaced is back; released: adopted, and no longer carril's concern.
 */
export interface ProcedureChange {
  readonly name: string;
  readonly action: 'applied' | 'recreated' | 'dropped' | 'adopted' | 'replaced' | 'restored' | 'released';
}
