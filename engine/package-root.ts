import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/**
 * The folder of the package: where package.json named carril, migrations/, procedures/ and samples/ are, wherever the
 * compiled files lie below it (dist/, or a build folder of one's own).
 */
export function packageRoot(): string {
  found ??= findUp(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function findUp(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isCarril(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) {
      throw new Error(`no package.json named carril above ${start}: reinstall the package`);
    }
  }
}

function isCarril(file: string): boolean {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'carril';
  } catch {
    return false;
  }
}
