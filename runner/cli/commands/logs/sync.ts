import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { readLogState, writeStateFile } from '../../../logs/state-file.js';
import type { LogState } from '../../../logs/state-file.js';
import { defineCommand, withEngine } from '../../context.js';
import { CommandError } from '../../errors.js';
import { fileProblem } from '../../file-problem.js';

interface SyncArguments {
  readonly file: string | undefined;
  readonly state: string;
}

export const command = defineCommand<SyncArguments>({
  command: 'sync [file]',
  describe: 'write the state file anew from the database',
  builder: (args) =>
    args
      .positional('file', { type: 'string', describe: 'only this log [default: every log that was scanned]' })
      .option('state', {
        type: 'string',
        requiresArg: true,
        default: 'carril-logs.json',
        describe: 'the state file; replaced in one step',
      })
      .example('$0 logs sync', 'which byte ranges are done, of every log')
      .example('$0 logs sync --state /var/lib/app/state.json app.log', 'of one log, elsewhere'),
  handler: async (argv) => {
    const path = argv.file === undefined ? undefined : resolve(argv.file);
    await withEngine(argv, async (engine, out) => {
      const state = await readLogState(engine, path);
      if (path !== undefined && state.files.length === 0)
        throw new CommandError(
          `${path} was never scanned, ${argv.state} is left as it was: carril logs scan ${path}`,
          'NOT_FOUND',
        );
      await write(argv.state, state);
      const chunks = state.files.reduce((sum, file) => sum + file.chunks.length, 0);
      out.print(`${argv.state}: logs: ${state.files.length}, chunks: ${chunks}`);
      out.document({ state: argv.state, files: state.files.length, chunks });
    });
  },
});

async function write(path: string, state: LogState): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new CommandError(`cannot write ${path}: it is a directory; name a file in it with --state`);
  try {
    await writeStateFile(path, state);
  } catch (error) {
    throw new CommandError(`cannot write ${path}: ${fileProblem(error)}`);
  }
}
