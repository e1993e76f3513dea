import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';

import { parseUrl, withPassword } from '../../engine/index.js';
import type { ConnectOptions, ConnectionTarget, Engine } from '../../engine/index.js';
import { askPassword } from './ask-password.js';
import { readConfigUrl } from './config-file.js';
import { listenForInterrupts } from './interrupt.js';
import { openDatabase } from './open-database.js';
import { createOutput } from './output.js';
import type { Output } from './output.js';

/** What every command is given; the parser in parser.ts declares these options. */
export interface GlobalOptions {
  readonly url?: string | undefined;
  readonly askPassword?: boolean | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** An exit code, or nothing for 0. */
export type ExitCode = number | undefined;

/** A command as its file writes it; `Options` are its own, camel-cased, and the global ones are added. */
export interface CommandDefinition<Options> {
  readonly command: string | readonly string[];
  readonly describe?: string | false | undefined;
  readonly aliases?: string | readonly string[] | undefined;
  readonly builder?: ((args: Argv<GlobalOptions>) => unknown) | undefined;
  readonly handler: (argv: ArgumentsCamelCase<GlobalOptions & Options>) => Promise<void> | void;
}

/** Types a command's handler by its own options together with the global ones. */
export function defineCommand<Options>(definition: CommandDefinition<Options>): CommandModule {
  // yargs types a command's handler by its options, so that no list of different commands has one type
  return definition as unknown as CommandModule;
}

/**
 * Opens the database that the command line, `CARRIL_DATABASE_URL` or the config file names (in this order; else the
 * embedded one), runs `work`, closes it again, and sets the exit code that `work` returned.
 */
export async function withEngine(
  argv: GlobalOptions,
  work: (engine: Engine, out: Output) => Promise<ExitCode> | Promise<void>,
  options: ConnectOptions & { readonly target?: ConnectionTarget } = {},
): Promise<void> {
  await withOutput(argv, async (out): Promise<ExitCode> => {
    const { target, ...connectOptions } = options;
    const engine = await openDatabase(target ?? (await resolveTarget(argv)), {
      appName: 'carril',
      onProgress: (text) => {
        out.note(text);
      },
      onNotice: (text) => {
        out.warn(text);
      },
      onRetry: ({ attempt, delayMs, error, procedure }) => {
        const what = procedure ?? 'statement';
        out.warn(`${what}: ${error.message}; repetition ${attempt} in ${delayMs} ms`);
      },
      ...connectOptions,
    });
    try {
      return codeOf(await work(engine, out));
    } finally {
      out.stop();
      await engine.close();
    }
  });
}

/** As `withEngine` for a command that opens no database, or opens it itself. */
export async function withOutput(
  argv: GlobalOptions,
  work: (out: Output) => Promise<ExitCode> | Promise<void>,
): Promise<void> {
  listenForInterrupts();
  const out = createOutput({ json: argv.json ?? false, quiet: argv.quiet ?? false });
  try {
    process.exitCode = codeOf(await work(out)) ?? process.exitCode;
  } finally {
    out.stop();
  }
}

function codeOf(result: unknown): ExitCode {
  return typeof result === 'number' ? result : undefined;
}

/**
 * Where to connect to: `--url`, else `CARRIL_DATABASE_URL`, else `url` in the config file, else `embedded:`. A password
 * that is missing is asked for when the server wants it (see open-database.ts), or at once with `--ask-password`.
 * @throws UsageError on a URL that cannot be read, or that carries a password on the command line
 */
export async function resolveTarget(argv: GlobalOptions): Promise<ConnectionTarget> {
  const target = readTarget(argv);
  return argv.askPassword === true ? withPassword(target, await askPassword()) : target;
}

function readTarget(argv: GlobalOptions): ConnectionTarget {
  return configuredTarget(argv) ?? parseUrl('embedded:', { fromCommandLine: false });
}

/** The database that somebody named, undefined when nobody did; opens nothing. @throws UsageError as `resolveTarget` */
export function configuredTarget(argv: GlobalOptions): ConnectionTarget | undefined {
  if (argv.url !== undefined) return parseUrl(argv.url, { fromCommandLine: true });
  const fromEnvironment = process.env['CARRIL_DATABASE_URL'];
  const url =
    fromEnvironment === undefined || fromEnvironment === '' ? readConfigUrl(argv.config) : fromEnvironment;
  return url === undefined ? undefined : parseUrl(url, { fromCommandLine: false });
}
