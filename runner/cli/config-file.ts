import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { UsageError } from '../../engine/errors.js';
import { projectFolder } from '../../engine/project-folder.js';

const usualName = 'carril.config.json';
const form = '{ "url": "…" }';

/**
 * The `url` of the config file; undefined when there is no file. One named by `--config` must exist; carril.config.json
 * need not, and is looked for from the current folder up to the project's, where `.carril` lies as well.
 * @throws UsageError on a file that cannot be read, or says anything but a URL: a misspelt key must not send a command
 * to the embedded database
 */
export function readConfigUrl(named: string | undefined): string | undefined {
  const file = named ?? findConfig(process.cwd());
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the config file ${file}: ${(error as Error).message}`);
  }
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    // the parser's own message quotes the text, and the text holds a password
    throw new UsageError(`the config file ${file} is not JSON: write ${form}`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new UsageError(`the config file ${file} must hold an object: ${form}`);
  }
  const unknown = Object.keys(config).find((key) => key !== 'url');
  if (unknown !== undefined) {
    throw new UsageError(`the config file ${file} has an unknown key "${unknown}": its only key is "url"`);
  }
  const { url } = config as { url?: unknown };
  if (url === undefined) throw new UsageError(`the config file ${file} has no "url": write ${form}`);
  if (typeof url !== 'string') throw new UsageError(`"url" in the config file ${file} must be a string`);
  return url;
}

function findConfig(start: string): string | undefined {
  const top = projectFolder(start);
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, usualName);
    if (existsSync(file)) return relative(start, file);
    if (folder === top) return undefined;
  }
}
