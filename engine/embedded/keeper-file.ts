import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { codeOf } from './failure.js';
import { giveToOwner, readIfThere, writePrivate, type Home } from './home.js';

/** What `keeper.json` says: where the keeper of this home listens, and the token that lets a client in. */
export interface KeeperFile {
  /** Of what is said on the connection; see protocol.ts. */
  readonly protocol: number;
  readonly pid: number;
  readonly port: number;
  readonly token: string;
  readonly stay: boolean;
}

/** Undefined when there is none, or one that makes no sense. */
export function readKeeperFile(home: Home): KeeperFile | undefined {
  const text = readIfThere(home.keeperFile, home.folder);
  if (text === undefined) return undefined;
  try {
    const file = JSON.parse(text) as Partial<KeeperFile>;
    if (typeof file.pid === 'number' && typeof file.port === 'number' && typeof file.token === 'string')
      return file as KeeperFile;
  } catch {
    // written by nobody we know; it is taken away like a dead keeper's
  }
  return { protocol: 1, pid: 0, port: 0, token: '', stay: false };
}

/** Puts ours there in one step, unless there is one already; says whether it did. */
export function publishKeeperFile(home: Home, file: KeeperFile): boolean {
  const draft = `${home.keeperFile}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, JSON.stringify(file), { mode: 0o600, flag: 'wx' });
    giveToOwner(draft);
    linkSync(draft, home.keeperFile);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    // a file system without hard links: not in one step, but exclusively
    try {
      writeFileSync(home.keeperFile, JSON.stringify(file), { mode: 0o600, flag: 'wx' });
      giveToOwner(home.keeperFile);
      return true;
    } catch (second) {
      if (codeOf(second) === 'EEXIST') return false;
      throw second;
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes away a dead keeper's file. Of several who try, one gets it; one that was replaced meanwhile is put back. */
export function removeKeeperFile(home: Home, dead: KeeperFile): void {
  const aside = `${home.keeperFile}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(home.keeperFile, aside);
  } catch {
    return;
  }
  const taken = readKeeperFile({ ...home, keeperFile: aside });
  if (taken !== undefined && taken.token !== dead.token) {
    try {
      linkSync(aside, home.keeperFile);
    } catch {
      // a third one is there by now; the keeper whose file this was sees it and goes
    }
  }
  unlinkSync(aside);
}

/** Is it still ours that lies there? */
export function isPublished(home: Home, file: KeeperFile): boolean {
  try {
    return readKeeperFile(home)?.token === file.token;
  } catch {
    return false;
  }
}

/** Writes ours again, with another `stay`. */
export function republish(home: Home, file: KeeperFile): void {
  writePrivate(home.keeperFile, JSON.stringify(file));
}
