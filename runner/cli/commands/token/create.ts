import { UsageError } from '../../../../engine/errors.js';
import { createCredential } from '../../../http/credentials.js';
import { roles } from '../../../http/roles.js';
import type { Role } from '../../../http/roles.js';
import { defineCommand, withEngine } from '../../context.js';
import { parseDuration } from '../../durations.js';

interface CreateArguments {
  readonly name: string;
  readonly role: Role;
  readonly expiresIn: string | undefined;
}

export const create = defineCommand<CreateArguments>({
  command: 'create <name>',
  describe: 'make a token; it is shown this once',
  builder: (args) =>
    args
      .positional('name', { type: 'string', demandOption: true, describe: 'who or what it is for' })
      .option('role', {
        choices: roles,
        demandOption: true,
        describe: 'read looks, run also starts and cancels, admin also rolls back',
      })
      .option('expires-in', { type: 'string', requiresArg: true, describe: 'such as 90d [default: never]' })
      .example('$0 token create grafana --role read --expires-in 90d', '')
      .epilogue(
        'The token is printed to standard output and stored nowhere: the database has its SHA-256. --json: {"id", "name", "role", "token", "expires"}.',
      ),
  handler: async (argv) => {
    const name = argv.name.trim();
    if (name === '' || name.length > 100) throw new UsageError('NAME: 1 to 100 characters');
    const expires =
      argv.expiresIn === undefined
        ? null
        : new Date(Date.now() + parseDuration(argv.expiresIn, '--expires-in'));
    await withEngine(argv, async (engine, out) => {
      const { id, token } = await createCredential(engine, name, argv.role, expires);
      // on standard error: what a shell captures is the token alone
      out.warn(`credential ${id} of ${name}, role ${argv.role}; the token is not shown again:`);
      out.print(token);
      out.document({ id, name, role: argv.role, token, expires });
    });
  },
});
