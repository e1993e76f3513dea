import yargs from 'yargs';
import type { Argv, CommandModule } from 'yargs';

import { UsageError } from '../../engine/errors.js';
import { gathered } from './repeated.js';
import { packageVersion } from './version.js';

interface Listed {
  /** The command and its positionals, as yargs writes them; the same as in the command's own file. */
  readonly command: string;
  readonly describe: string;
  readonly load: () => Promise<{ readonly command: CommandModule }>;
}

/**
 * Every command, in the order of the help. Names and descriptions stand here so that `carril --help` loads no command:
 * a command's file, and with it the engine and its drivers, is read only when it is called.
 */
export const commands: readonly Listed[] = [
  {
    command: 'demo',
    describe: 'load ten days of real holdings into the embedded PostgreSQL and run them',
    load: () => import('./commands/demo.js'),
  },
  {
    command: 'load',
    describe: 'load funds, holdings, any of the six sources, or generated data',
    load: () => import('./commands/load.js'),
  },
  {
    command: 'run',
    describe: "run a date's funds, one lane a fund",
    load: () => import('./commands/run.js'),
  },
  {
    command: 'retry <id>',
    describe: 'run the failed funds of a process again, from the service that failed on',
    load: () => import('./commands/retry.js'),
  },
  {
    command: 'rollback',
    describe: 'delete what an execution or a process computed, and keep its history',
    load: () => import('./commands/rollback.js'),
  },
  {
    command: 'work',
    describe: 'work on whatever waits, beside other workers',
    load: () => import('./commands/work.js'),
  },
  {
    command: 'status [id]',
    describe: 'show the newest processes, or one of them with its funds',
    load: () => import('./commands/status.js'),
  },
  {
    command: 'bench',
    describe: 'measure both architectures under one load, and compare recordings',
    load: () => import('./commands/bench.js'),
  },
  {
    command: 'rollout',
    describe: 'switch funds between the old and the new architecture, and judge how it goes',
    load: () => import('./commands/rollout.js'),
  },
  {
    command: 'results',
    describe: "show the results of a date's newest process, or of one process",
    load: () => import('./commands/results.js'),
  },
  {
    command: 'trace',
    describe: 'show, export and purge what the lanes of a run did',
    load: () => import('./commands/trace.js'),
  },
  {
    command: 'report <id>',
    describe: 'write a process, its funds, services and waits as one HTML page',
    load: () => import('./commands/report.js'),
  },
  {
    command: 'logs',
    describe: 'find the error blocks of log files and report them',
    load: () => import('./commands/logs.js'),
  },
  {
    command: 'payroll',
    describe: 'load, consolidate, watch, roll back and export payroll closings',
    load: () => import('./commands/payroll.js'),
  },
  {
    command: 'serve',
    describe: 'answer over HTTP: start, watch and cancel runs, log reviews and payroll consolidations',
    load: () => import('./commands/serve.js'),
  },
  {
    command: 'token',
    describe: 'create, list and revoke the tokens of the HTTP service',
    load: () => import('./commands/token.js'),
  },
  {
    command: 'jobs',
    describe: 'list, show, cancel, retry and purge jobs',
    load: () => import('./commands/jobs.js'),
  },
  {
    command: 'alerts',
    describe: 'list what needs a person; exit 1 when anything does',
    load: () => import('./commands/alerts.js'),
  },
  {
    command: 'migrate',
    describe: 'apply, revert and check the migrations and procedures',
    load: () => import('./commands/migrate.js'),
  },
  {
    command: 'backup',
    describe: 'copy tables inside the database, restore and drop the copies',
    load: () => import('./commands/backup.js'),
  },
  {
    command: 'backfill',
    describe: 'take the history under shared IDs to one execution a fund, and back',
    load: () => import('./commands/backfill.js'),
  },
  {
    command: 'db',
    describe: 'start, stop, create and mark databases',
    load: () => import('./commands/db.js'),
  },
  {
    command: 'codegen',
    describe:
      "write the TypeScript wrappers from the procedures' contracts, and carril's own permission scripts",
    load: () => import('./commands/codegen.js'),
  },
];

/** The parser of the whole command line. It throws instead of exiting: UsageError on wrong use, else what a command threw. */
export function createParser(argv: readonly string[]): Argv {
  const parser = yargs(gathered(argv))
    .scriptName('carril')
    .usage('$0 <command> [options]')
    .option('url', {
      type: 'string',
      global: true,
      describe:
        'database: mssql://, postgres:// or embedded: (without a password: that belongs in CARRIL_DATABASE_URL, the config file or --ask-password)',
    })
    .option('ask-password', {
      type: 'boolean',
      global: true,
      describe: "ask for the database user's password on the terminal",
    })
    .option('config', {
      type: 'string',
      global: true,
      describe:
        'configuration file [default: carril.config.json here or above, up to the project, if there is one]',
    })
    .option('json', {
      type: 'boolean',
      global: true,
      default: false,
      describe: 'one JSON document on stdout',
    })
    .option('quiet', {
      type: 'boolean',
      global: true,
      default: false,
      describe: 'no progress and no notes',
    })
    .example('$0 demo', 'see it work, without a server')
    .example('$0 run --date 2021-05-07 --lanes 8', "run that date's funds in eight lanes")
    .epilogue('Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .locale('en')
    .strict()
    .demandCommand(1, 'say which command: `carril --help` lists them')
    .version(packageVersion())
    .help()
    .alias('h', 'help')
    .wrap(Math.min(110, process.stdout.columns || 110))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error !== undefined && error.name !== 'YError') throw error;
      throw new UsageError(message ?? error?.message ?? 'wrong use');
    });
  for (const listed of commands) parser.command(lazily(listed));
  return parser;
}

function lazily({ command, describe, load }: Listed): CommandModule {
  return {
    command,
    describe,
    builder: async (args: Argv): Promise<Argv> => {
      const { builder } = (await load()).command;
      if (typeof builder === 'function') return await builder(args);
      return builder === undefined ? args : args.options(builder);
    },
    handler: async (args) => {
      await (await load()).command.handler(args);
    },
  };
}
