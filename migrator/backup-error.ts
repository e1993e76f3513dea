/** Why a backup is not made, restored or dropped, for programs that read `--json` errors. */
export type BackupCode =
  'BACKUP_NOT_FOUND' | 'BACKUP_EXISTS' | 'BACKUP_DIFFERS' | 'BACKUP_DAMAGED' | 'NO_BACKUPS';

/** Nothing was changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupCode;

  constructor(code: BackupCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
