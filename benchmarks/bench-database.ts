import type { EmbeddedTarget, Engine } from '../engine/index.js';
import { createDatabase, dropDatabase, withMaintenance } from '../runner/cli/commands/db/targets.js';
import { interrupted, onInterrupt } from '../runner/cli/interrupt.js';

type BenchTarget = EmbeddedTarget & { readonly database: string };

/** What Ctrl-C drops before it exits. */
const made = new Set<BenchTarget>();
let stopping: Promise<void> | undefined;

/** A new database of the embedded server, by a name that says what it is for; not made yet. */
export function benchTarget(suffix = ''): BenchTarget {
  return { kind: 'embedded', database: `carril_bench_${Date.now().toString(36)}${suffix}` };
}

/** Makes the database, measures in it, and drops it however that ends. */
export async function inBenchDatabase(
  target: BenchTarget,
  bench: (admin: Engine) => Promise<void>,
): Promise<void> {
  const release = onInterrupt(() => {
    stopping ??= dropAll();
  });
  try {
    await withMaintenance(target, async (admin) => {
      await createDatabase(admin, target.database);
      made.add(target);
      try {
        await bench(admin);
      } finally {
        // what fails because the database was taken away under it has nothing to say
        await stopping;
        await dropDatabase(admin, target.database);
        made.delete(target);
      }
    });
  } finally {
    release();
  }
}

/** Nothing half-done stays, and what was measured so far is no recording. */
async function dropAll(): Promise<never> {
  process.stderr.write('stopping\n');
  await Promise.allSettled(
    [...made].map((target) => withMaintenance(target, (admin) => dropDatabase(admin, target.database))),
  );
  process.exit(interrupted);
}
