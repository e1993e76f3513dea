import type { EmbeddedTarget, Engine } from '../engine/index.js';
import { createDatabase, dropDatabase, withMaintenance } from '../runner/cli/commands/db/targets.js';

/** A new database of the embedded server, by a name that says what it is for; not made yet. */
export function benchTarget(): EmbeddedTarget & { readonly database: string } {
  return { kind: 'embedded', database: `carril_bench_${Date.now().toString(36)}` };
}

/** Makes the database, measures in it, and drops it however that ends. */
export async function inBenchDatabase(
  target: EmbeddedTarget & { readonly database: string },
  bench: (admin: Engine) => Promise<void>,
): Promise<void> {
  await withMaintenance(target, async (admin) => {
    await createDatabase(admin, target.database);
    try {
      await bench(admin);
    } finally {
      await dropDatabase(admin, target.database);
    }
  });
}
