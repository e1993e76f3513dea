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
  | {
      readonly kind: 'procedure';
      /** recreated: dropped with what hung on it, because its shape changed, and made again. */
      readonly action: 'applied' | 'recreated' | 'dropped';
      readonly name: string;
    };

export type OnProgress = (event: MigratorEvent) => void;

/** What was done to a procedure. */
export interface ProcedureChange {
  readonly name: string;
  readonly action: 'applied' | 'recreated' | 'dropped';
}
