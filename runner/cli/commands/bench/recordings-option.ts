import { join } from 'node:path';

import type { Argv } from 'yargs';

import { embeddedHome } from '../../../../engine/embedded/home.js';

export interface FolderArguments {
  readonly dir: string | undefined;
}

export function folderOption<T>(args: Argv<T>): Argv<T & FolderArguments> {
  return args.option('dir', {
    type: 'string',
    requiresArg: true,
    describe: 'folder of the recordings [default: recordings in .carril, or in CARRIL_HOME]',
  });
}

export function folderOf({ dir }: FolderArguments): string {
  return dir ?? join(embeddedHome().folder, 'recordings');
}
