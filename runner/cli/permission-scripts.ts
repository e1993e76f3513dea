import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { packageRoot } from '../../engine/index.js';
import { permissionsScript } from '../../migrator/index.js';

/** The package's `permissions/<engine>.sql` that are not what its migrations and procedures grant: path and text. */
export function stalePermissions(): ReadonlyMap<string, string> {
  const stale = new Map<string, string>();
  for (const dialect of ['sqlserver', 'postgres'] as const) {
    const shown = `permissions/${dialect}.sql`;
    const text = permissionsScript(dialect);
    if (readIfThere(join(packageRoot(), shown)) !== text) stale.set(shown, text);
  }
  return stale;
}

export function writePermissions(stale: ReadonlyMap<string, string>): void {
  for (const [shown, text] of stale) {
    const path = join(packageRoot(), shown);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
