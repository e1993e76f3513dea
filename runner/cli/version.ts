import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../../engine/package-root.js';

/** The version in carril's package.json. */
export function packageVersion(): string {
  const file = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return file.version;
}
