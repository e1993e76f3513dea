import type { Engine } from '../../engine/index.js';
import type { Probe } from './model.js';

export async function openSqlServerProbe(_watcher: Engine): Promise<Probe> {
  throw new Error('later');
}
