import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The user's project: the nearest folder upwards that has a package.json, else `start` itself. */
export function projectFolder(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return start;
  }
}
