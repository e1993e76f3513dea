import type { Engine } from '../../engine/index.js';
import type { Probe } from './model.js';
import { PostgresProbe } from './postgres.js';

/**
 * The probe of this server.
 * @param load application name of the sessions whose end completes the counters, of a load of ours
 * @throws CommandError naming the permission that the login lacks
 */
export async function openProbe(watcher: Engine, load?: string): Promise<Probe> {
  if (watcher.dialect === 'postgres') return new PostgresProbe(watcher, load);
  const { openSqlServerProbe } = await import('./sqlserver.js');
  return await openSqlServerProbe(watcher);
}
