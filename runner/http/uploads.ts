import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';

import { keyReused } from './idempotency.js';
import { HttpProblem } from './problem.js';

/** A part of an upload that its process left behind is of no use to anybody. */
const partSuffix = '.part';

/** As `pathFor` makes them. */
const uploadName = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})-./;

/** A name of a file that can stand in a path, on every system. */
const plainName = /^[\p{L}\p{N}._ -]{1,120}$/u;

/**
 * The folder that uploaded logs are kept in. Workers on other machines read them there, so it is shared where they are. A file
 * has its name only once it is whole: before it is written to disk entirely, nothing refers to it.
 */
export class Uploads {
  readonly folder: string;
  /** Bytes. */
  readonly limit: number;

  constructor(folder: string, limit: number) {
    // workers elsewhere get the path as it is stored
    this.folder = resolve(folder);
    this.limit = limit;
  }

  /** Makes the folder, and takes away what a process of this machine that is no more was writing. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o750 });
    for (const name of await readdir(this.folder)) {
      const [, host, pid] = /^(.+)~(\d+)~[^~]+\.part$/.exec(name) ?? [];
      if (host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid))))
        await rm(join(this.folder, name), { force: true });
    }
  }

  /**
   * The path of an upload: a new one each time, or with a key the same for the same caller and key.
   * @throws HttpProblem 400 for a name that is more than a plain file name
   */
  pathFor(name: string, key?: { readonly caller: string; readonly text: string }): string {
    if (!plainName.test(name) || /^\.+$/.test(name))
      throw new HttpProblem(
        400,
        'BAD_FILE_NAME',
        'filename: a plain name is wanted, of letters, digits, dots, dashes and spaces, at most 120 long',
      );
    const prefix =
      key === undefined
        ? randomUUID()
        : createHash('sha256').update(`${key.caller}\n${key.text}`, 'utf8').digest('hex').slice(0, 32);
    return join(this.folder, `${prefix}-${name}`);
  }

  /** What was uploaded under the key of this path before, under whatever name; undefined when nothing was. */
  async underSameKey(path: string): Promise<string | undefined> {
    const prefix = basename(path).slice(0, 33);
    const name = (await readdir(this.folder)).find((one) => one.startsWith(prefix));
    return name === undefined ? undefined : join(this.folder, name);
  }

  /** @throws HttpProblem 422 when what comes now under a key is another file than what came before */
  async checkSame(path: string, content: Readable): Promise<void> {
    const [here, there] = await Promise.all([digestOf(content), digestOf(createReadStream(path))]);
    if (here !== there) throw keyReused();
  }

  /**
   * Writes a stream to disk and gives it its name.
   * @throws HttpProblem 413 when it is larger than the limit, 400 when it is empty; nothing is left of it then
   */
  async store(path: string, content: Readable & { readonly truncated?: boolean }): Promise<number> {
    const part = join(this.folder, `${hostname()}~${process.pid}~${randomUUID()}${partSuffix}`);
    try {
      await pipeline(content, createWriteStream(part, { mode: 0o640 }));
      if (content.truncated === true)
        throw new HttpProblem(413, 'TOO_LARGE', `file: at most ${this.limit} bytes are taken`);
      const handle = await open(part, 'r+');
      try {
        await handle.sync();
        const { size } = await handle.stat();
        if (size === 0) throw new HttpProblem(400, 'EMPTY_FILE', 'file: it is empty');
        await handle.close();
        // two uploads under one key: the first one's file stays
        await link(part, path).catch(async (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
          await this.checkSame(path, createReadStream(part));
        });
        return size;
      } finally {
        await handle.close().catch(() => undefined);
      }
    } finally {
      await rm(part, { force: true });
    }
  }

  /** Uploads that are whole, and when each was written. What else lies in the folder is none of ours. */
  async list(): Promise<{ readonly path: string; readonly written: number }[]> {
    const found = [];
    for (const name of await readdir(this.folder)) {
      if (!uploadName.test(name)) continue;
      const path = join(this.folder, name);
      const known = await stat(path).catch(() => undefined);
      if (known?.isFile() === true) found.push({ path, written: known.mtimeMs });
    }
    return found;
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

async function digestOf(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(content, hash);
  return hash.digest('hex');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
