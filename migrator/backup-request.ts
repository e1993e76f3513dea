/** What to copy, and what the journal is to say of it. */
export interface BackupRequest {
  /** Of the backup; the next free of `name-2`, `name-3`… where it is taken, unless `exactName`. */
  readonly name: string;
  readonly exactName: boolean;
  /** `schema.table`. */
  readonly tables: readonly string[];
  readonly reason: string;
  /** Before a step that destroys: nobody may read what is about to go, and empty tables are left out. */
  readonly destructive: boolean;
  /** As the database knows them, when left out. */
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  readonly version: string;
}
