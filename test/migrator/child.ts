/** A migrator in a process of its own: `child.js MIGRATIONS PROCEDURES`; its events are lines of JSON. */
import { connect, parseUrl } from '../../engine/index.js';
import { createMigrator } from '../../migrator/index.js';

const [migrations, procedures] = process.argv.slice(2);
const url = process.env['CARRIL_DATABASE_URL'];
if (url !== undefined && migrations !== undefined && procedures !== undefined) {
  const engine = await connect(parseUrl(url, { fromCommandLine: false }));
  const migrator = createMigrator(engine, {
    migrationsDirs: [migrations],
    proceduresDirs: [procedures],
    user: 'hijo',
    onProgress: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  });
  await migrator.up();
  await engine.close();
}
