import { embeddedHome } from '../../engine/embedded/home.js';
import type { ConnectionTarget, Engine } from '../../engine/index.js';
import type { Probe } from './model.js';
import { PostgresProbe } from './postgres.js';

/**
 * The probe of this server.
 * @param target where the watcher is connected to: an embedded server's log tells of deadlocks
 * @param load application name of the sessions whose end completes the counters, of a load of ours
 * @throws CommandError naming the permission that the login lacks
 */
export async function openProbe(watcher: Engine, target: ConnectionTarget, load?: string): Promise<Probe> {
  if (watcher.dialect === 'postgres') {
    const log = target.kind === 'embedded' ? embeddedHome(target.home).serverLog : undefined;
    return new PostgresProbe(watcher, { load, log });
  }
  const { openSqlServerProbe } = await import('./sqlserver.js');
  return await openSqlServerProbe(watcher);
}
