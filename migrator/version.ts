import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../engine/index.js';

/** carril's version, for the journal. */
export function packageVersion(): string {
  const file = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return file.version;
}
