import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresTarget } from '../target.js';

/**
 * Whether a login failed for want of a password: the server asked for one, and neither the target nor PGPASSWORD nor
 * the password file had it.
 */
export function isPasswordMissing(error: unknown, target: PostgresTarget): boolean {
  if (target.password !== undefined || !(error instanceof Error)) return false;
  // SCRAM: node-postgres notices by itself, after it has looked everywhere
  if (/client password must be a (non-empty )?string/.test(error.message)) return true;
  // md5 and plain text: it sends a made-up one, which the server refuses as it would a wrong one of theirs
  return 'code' in error && error.code === '28P01' && !hasPasswordElsewhere();
}

/** Is there a PGPASSWORD, or a password file where libpq and node-postgres look for it? */
function hasPasswordElsewhere(): boolean {
  const { PGPASSWORD, PGPASSFILE, APPDATA, HOME } = process.env;
  if (PGPASSWORD !== undefined && PGPASSWORD !== '') return true;
  const usual =
    process.platform === 'win32'
      ? join(APPDATA ?? '.', 'postgresql', 'pgpass.conf')
      : join(HOME ?? '.', '.pgpass');
  return existsSync(PGPASSFILE === undefined || PGPASSFILE === '' ? usual : PGPASSFILE);
}
