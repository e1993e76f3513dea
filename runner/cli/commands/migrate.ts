import { defineCommand } from '../context.js';
import { command as baseline } from './migrate/baseline.js';
import { command as doctor } from './migrate/doctor.js';
import { command as down } from './migrate/down.js';
import { command as drift } from './migrate/drift.js';
import { command as grants } from './migrate/grants.js';
import { command as history } from './migrate/history.js';
import { command as create } from './migrate/new.js';
import { command as plan } from './migrate/plan.js';
import { command as repair } from './migrate/repair.js';
import { command as script } from './migrate/script.js';
import { command as status } from './migrate/status.js';
import { command as up } from './migrate/up.js';
import { command as verify } from './migrate/verify.js';

export const command = defineCommand({
  command: 'migrate',
  describe: 'apply, revert and check the migrations and procedures',
  builder: (args) =>
    args
      .command(plan)
      .command(up)
      .command(down)
      .command(status)
      .command(verify)
      .command(history)
      .command(create)
      .command(baseline)
      .command(repair)
      .command(script)
      .command(drift)
      .command(grants)
      .command(doctor)
      .demandCommand(1, 'say what to do: `carril migrate --help` lists it')
      .example('$0 migrate up', 'bring the database to the newest state'),
  handler: () => {
    // yargs asks for a subcommand
  },
});
