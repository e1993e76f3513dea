import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { codeOf } from './failure.js';

/** Is there a process of that number that still runs? One that ended and was never waited for does not count. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is one, of another user
    if (codeOf(error) !== 'EPERM') return false;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    // `pid (name) state …`, and the name may hold anything
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^[ZX]/.test(text.slice(text.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** Is the process of that number the PostgreSQL server of that data folder? Undefined when this cannot be told. */
export function isServerOf(pid: number, dataFolder: string): boolean | undefined {
  if (!isAlive(pid)) return false;
  const command = commandOf(pid);
  if (command === undefined) return undefined;
  if (process.platform === 'win32') return /^postgres\.exe$/i.test(command);
  return /(^|\/)postgres(\s|$)/.test(command) && command.includes(realpathSync(dataFolder));
}

/** The command line of a process, on Windows the name of its program alone. */
function commandOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      return text === '' ? undefined : text;
    }
    const options: ExecFileSyncOptionsWithStringEncoding = {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    };
    if (process.platform === 'win32') {
      const list = execFileSync('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], options);
      return /^"([^"]+)"/.exec(list)?.[1];
    }
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], options).trim();
  } catch {
    return undefined;
  }
}
