import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { connect } from '../../engine/index.js';
import type { Engine } from '../../engine/index.js';
import { createMigrator, packageFolder } from '../../migrator/index.js';
import { createDatabase, dropDatabase, quoteName } from '../../runner/cli/commands/db/targets.js';
import { databasesLike, newName } from './names.js';
import type { TestServer } from './server.js';

/** Folders of a site's own files, applied besides the package's. */
export interface Folders {
  readonly migrationsDirs?: readonly string[];
  readonly proceduresDirs?: readonly string[];
}

/** Applies every migration and procedure. */
export async function migrate(engine: Engine, folders: Folders): Promise<void> {
  await createMigrator(engine, foldersFor(engine, folders)).up();
}

/**
 * The name of a database into which all SQL files have been applied, made by whoever needs it first: another process
 * that wants the same waits for it.
 */
export async function migratedTemplate(admin: Engine, server: TestServer, folders: Folders): Promise<string> {
  const key = checksumOf(admin, folders);
  const find = async (): Promise<string | undefined> =>
    (await databasesLike(admin, `carril\\_tpl\\_%\\_${key}`))[0];
  return (await find()) ?? (await make());

  async function make(): Promise<string> {
    return await admin.connection(async (session) => {
      const lock = [`carril:test:${key}`];
      await session.query('SELECT pg_advisory_lock(hashtextextended($1, 0))::text', lock);
      try {
        const found = await find();
        if (found !== undefined) return found;
        const draft = newName('tmp');
        await createDatabase(admin, draft);
        try {
          const engine = await connect(server.target(draft), { appName: 'carril test', poolMax: 4 });
          try {
            await migrate(engine, folders);
          } finally {
            await engine.close();
          }
          const name = newName('tpl', key);
          const quoted = quoteName(admin, draft);
          // nobody may be connected to a template while it is copied
          await admin.batch(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false`);
          await admin.batch(`ALTER DATABASE ${quoted} RENAME TO ${quoteName(admin, name)}`);
          return name;
        } catch (error) {
          await dropDatabase(admin, draft);
          throw error;
        }
      } finally {
        await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', lock);
      }
    });
  }
}

function foldersFor(
  engine: Pick<Engine, 'dialect'>,
  folders: Folders,
): { migrationsDirs: string[]; proceduresDirs: string[] } {
  return {
    migrationsDirs: [packageFolder('migrations', engine), ...(folders.migrationsDirs ?? [])],
    proceduresDirs: [packageFolder('procedures', engine), ...(folders.proceduresDirs ?? [])],
  };
}

/** Of all SQL files and of the migrator that applies them. */
function checksumOf(engine: Pick<Engine, 'dialect'>, folders: Folders): string {
  const hash = createHash('sha256');
  const { migrationsDirs, proceduresDirs } = foldersFor(engine, folders);
  const migrator = fileURLToPath(new URL('../../migrator', import.meta.url));
  for (const folder of [...migrationsDirs, ...proceduresDirs, migrator]) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(sql|js)$/.test(file),
    );
    for (const file of files.sort()) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(folder, file)))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}
