import type { ChronicleEntry } from '../../../../migrator/index.js';
import { defineCommand } from '../../context.js';
import { migrateOptions, withMigrator } from './common.js';
import type { MigrateOptions } from './common.js';
import { failureDocument } from './failure-view.js';

interface Options extends MigrateOptions {
  readonly procedures?: boolean | undefined;
}

/** Of procedures, what somebody decided; that they were applied and dropped is most of the journal. */
const routine = new Set(['applied', 'recreated', 'dropped']);

export const command = defineCommand<Options>({
  command: 'history',
  describe: 'show everything that was applied, reverted, declared, repaired or failed, oldest first',
  builder: (args) =>
    migrateOptions(args)
      .option('procedures', {
        type: 'boolean',
        default: false,
        describe: 'each procedure that was applied, recreated or dropped as well',
      })
      .example('$0 migrate history', 'what happened to this database'),
  handler: async (argv) => {
    await withMigrator(argv, async (migrator, out, engine) => {
      const all = await migrator.history();
      const shown = all.filter((one) => argv.procedures === true || !isRoutine(one));
      out.document({ database: engine.description, history: shown.map(toDocument) });
      out.table(
        ['when', 'what', 'name', 'ms', 'by', 'login', 'version', 'why'],
        shown.map((one) => [
          one.at,
          one.entry === 'failure' ? `${one.part === 'procedure' ? '' : `${one.part} `}FAILED` : one.event,
          one.name,
          one.durationMs,
          `${one.user}@${one.host}`,
          one.login,
          one.version,
          one.entry === 'failure' ? one.message : one.reason,
        ]),
      );
      if (shown.length === 0) out.print('nothing has happened yet');
      return 0;
    });
  },
});

function isRoutine(one: ChronicleEntry): boolean {
  return one.entry === 'event' && one.kind === 'procedure' && routine.has(one.event);
}

function toDocument(one: ChronicleEntry): unknown {
  if (one.entry === 'failure') return { event: 'failed', ...(failureDocument(one) as object) };
  return {
    event: one.event,
    kind: one.kind,
    number: one.number ?? null,
    name: one.name,
    checksum: one.checksum ?? null,
    duration_ms: one.durationMs,
    reason: one.reason ?? null,
    at: one.at,
    user: one.user,
    login: one.login,
    host: one.host,
    version: one.version,
  };
}
