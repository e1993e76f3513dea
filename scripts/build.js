// npm's `prepare`: compiles into dist/ from nothing, so that a file removed from the sources leaves no ghost behind.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
rmSync(join(root, 'dist'), { recursive: true, force: true });
try {
  execFileSync(process.execPath, [tsc, '-p', root], { stdio: 'inherit' });
} catch {
  process.exit(1);
}
chmodSync(join(root, 'dist/runner/cli/main.js'), 0o755);
