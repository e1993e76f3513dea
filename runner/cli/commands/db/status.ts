import { embeddedStatus } from '../../../../engine/embedded/index.js';
import type { EmbeddedStatus } from '../../../../engine/embedded/index.js';
import { describeTarget } from '../../../../engine/index.js';
import type { ConnectionTarget } from '../../../../engine/index.js';
import { defineCommand, resolveTarget, withOutput } from '../../context.js';
import type { GlobalOptions } from '../../context.js';
import { openDatabase } from '../../open-database.js';
import type { Output } from '../../output.js';

export const status = defineCommand<GlobalOptions>({
  command: 'status',
  describe: 'say whether the embedded PostgreSQL runs, or whether the server that the URL names lets us in',
  builder: (args) =>
    args.example('$0 db status --json', 'for scripts; --url or CARRIL_DATABASE_URL names another server'),
  handler: (argv) =>
    withOutput(argv, async (out) => {
      const target = await resolveTarget(argv);
      if (target.kind !== 'embedded') {
        await serverStatus(target, out);
        return;
      }
      const found = await embeddedStatus({ home: target.home });
      for (const line of describeStatus(found)) out.print(line);
      out.document(statusDocument(found));
    }),
});

export function statusDocument(found: EmbeddedStatus): unknown {
  return {
    engine: 'embedded',
    state: found.state,
    home: found.home,
    port: found.port,
    data: found.dataFolder,
    log: found.log,
    server_pid: found.serverPid,
    keeper_pid: found.keeperPid,
    clients: found.clients,
    stays: found.stay,
    since: found.since,
  };
}

export function describeStatus(found: EmbeddedStatus): string[] {
  const where = `  data  ${found.dataFolder ?? '?'}\n  log   ${found.log}`;
  switch (found.state) {
    case 'none':
      return [`no embedded PostgreSQL in ${found.home} yet: it is made on first use`];
    case 'stopped':
      return ['the embedded PostgreSQL is stopped; it starts when it is needed', where];
    case 'orphaned':
      return [
        `the embedded PostgreSQL runs (process ${found.serverPid ?? '?'}, port ${found.port ?? '?'}), but its keeper was killed; ` +
          'the next command takes it over, `carril db stop` stops it',
        where,
      ];
    case 'running': {
      const until = found.stay
        ? 'until `carril db stop`'
        : `as long as somebody uses it (${found.clients} now)`;
      return [
        `the embedded PostgreSQL runs at 127.0.0.1:${found.port ?? '?'} since ${found.since ?? '?'}, ${until}`,
        `${where}\n  pid   ${found.serverPid ?? '?'} (its keeper ${found.keeperPid ?? '?'})`,
      ];
    }
  }
}

async function serverStatus(target: ConnectionTarget, out: Output): Promise<void> {
  const { isDisposable } = await import('../../../../migrator/disposable.js');
  const engine = await openDatabase(target, { appName: 'carril db', poolMax: 2 });
  try {
    const [row] = await engine.query(
      engine.dialect === 'sqlserver'
        ? "SELECT CAST(SERVERPROPERTY('ProductVersion') AS varchar(50)) AS version"
        : "SELECT current_setting('server_version') AS version",
    );
    const disposable = await isDisposable(engine);
    const version = String(row?.['version']);
    out.print(
      `${describeTarget(target)} answers: version ${version}${disposable ? ', marked as disposable' : ''}`,
    );
    out.document({ engine: engine.dialect, state: 'running', version, disposable });
  } finally {
    await engine.close();
  }
}
