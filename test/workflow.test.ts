import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { packageRoot } from '../engine/package-root.js';

interface Workflow {
  jobs: Record<string, { steps: { run?: string; uses?: string }[] }>;
}

const root = packageRoot();
const workflow = parse(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')) as Workflow;

/**
 * What a clone would hold, uncommitted edits included, in a folder whose path has a space in it, with the packages and the
 * compiled files of this checkout: as it stands after the first two steps.
 */
function installedTree(): string {
  const parent = mkdtempSync(join(tmpdir(), 'carril clone '));
  const clone = join(parent, 'carril');
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of listed.stdout.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(root, file), join(clone, file));
  }
  cpSync(join(root, 'dist'), join(clone, 'dist'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
  return clone;
}

t.test('the steps of the embedded job run in a clone', { timeout: 600_000 }, (t) => {
  const steps = (workflow.jobs['embedded']?.steps ?? []).flatMap((step) => step.run ?? []);
  // those two are what has brought us here
  t.strictSame(steps.slice(0, 2), ['npm ci', 'npm test'], 'it begins with the two commands of the README');

  const clone = installedTree();
  t.teardown(() => {
    rmSync(dirname(clone), { recursive: true, force: true });
  });
  const env: NodeJS.ProcessEnv = { CI: 'true' };
  for (const [name, value] of Object.entries(process.env)) {
    // nothing of the surrounding npm or tap run, nor a database of the developer's
    if (!/^(npm_|TAP|CARRIL_|NODE_)/i.test(name)) env[name] = value;
  }
  for (const step of steps.slice(2)) {
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step], {
      cwd: clone,
      env,
      encoding: 'utf8',
    });
    t.equal(status, 0, step);
    if (status !== 0) t.comment(`${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
  }
  t.end();
});

t.test('the package resolves for the other systems', (t) => {
  for (const os of ['darwin', 'win32']) {
    const { status, stderr } = spawnSync('npm', ['ci', `--os=${os}`, '--ignore-scripts', '--dry-run'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    t.equal(status, 0, `npm ci --os=${os} --dry-run`);
    if (status !== 0) t.comment(stderr);
  }
  t.end();
});
