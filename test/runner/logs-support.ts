import { readFileSync } from 'node:fs';

import type { Session } from '../../engine/index.js';
import type { LogBlock } from '../../runner/logs/block.js';
import { runCarril } from '../testing/index.js';
import { waitUntil } from '../testing/wait.js';
import type { CarrilProcess } from '../testing/index.js';

/** A log as `carril logs scan --json` describes it. */
export interface ScannedFile {
  readonly file: string;
  readonly job: string;
  readonly state: string;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  readonly blocks: number;
  readonly chunks: number;
  readonly recognised: boolean | null;
  readonly error: string | null;
}

/** Runs `carril logs scan` and returns what it says of its one file; throws when it fails. */
export async function scan(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<ScannedFile> {
  const { code, stdout, stderr } = await runCarril(['logs', 'scan', ...args, '--json'], { env });
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return onlyFile(stdout);
}

export function onlyFile(stdout: string): ScannedFile {
  const { files } = JSON.parse(stdout) as { files: ScannedFile[] };
  const [file] = files;
  if (file === undefined || files.length !== 1) throw new Error(`not one file: ${stdout}`);
  return file;
}

/** A block, stored or found by somebody else, as text that can be compared. */
export function blockText(block: Omit<LogBlock, 'at'> & { readonly at: Date | null }): string {
  const { byteStart, byteEnd, level, at, signature, firstLine, text, truncated } = block;
  return JSON.stringify([byteStart, byteEnd, level, at, signature, firstLine, text, truncated]);
}

/** The blocks that a job has stored, in the file's order. */
export async function storedBlocks(session: Session, job: string): Promise<string[]> {
  return await all(storedBlocksFrom(session, job));
}

/** The same, one after another. */
export function storedBlocksFrom(session: Session, job: string): AsyncGenerator<string> {
  return blocksWhere(session, 'ID_Trabajo', BigInt(job));
}

/** All blocks of the newest file of a path, whichever scan found them. */
export async function blocksOfFile(session: Session, path: string): Promise<string[]> {
  const parameter = session.dialect === 'sqlserver' ? '@p0' : '$1';
  const [row] = await session.query(
    `SELECT MAX(ID_Archivo) AS id FROM logs.Archivos WHERE Ruta = ${parameter}`,
    [path],
  );
  return await all(blocksWhere(session, 'ID_Archivo', row?.['id'] as bigint));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** A page at a time. */
async function* blocksWhere(session: Session, column: string, id: bigint): AsyncGenerator<string> {
  const [one, two] = session.dialect === 'sqlserver' ? ['@p0', '@p1'] : ['$1', '$2'];
  const page = 2000;
  let [last, got] = [-1n, page];
  while (got === page) {
    const rows = await session.query(
      `SELECT Byte_Inicio AS inicio, Byte_Fin AS fin, Nivel AS nivel, Momento AS momento, Firma AS firma,
         Primera_Linea AS linea, Texto AS texto, Recortado AS recortado
       FROM logs.Bloques_Error WHERE ${column} = ${one} AND Byte_Inicio > ${two}
       ORDER BY Byte_Inicio OFFSET 0 ROWS FETCH NEXT ${page} ROWS ONLY`,
      [id, last],
    );
    got = rows.length;
    for (const row of rows) {
      last = row['inicio'] as bigint;
      yield blockText({
        byteStart: Number(row['inicio']),
        byteEnd: Number(row['fin']),
        level: String(row['nivel']),
        at: row['momento'] as Date | null,
        signature: String(row['firma']),
        firstLine: String(row['linea']),
        text: String(row['texto']),
        truncated: Boolean(row['recortado']),
      });
    }
  }
}

/** The job ID that `carril logs scan` says when it has started or joined one. */
export async function scanJob(child: CarrilProcess, word: 'started' | 'joined' = 'started'): Promise<string> {
  return await waitUntil(`carril logs scan has ${word} a job`, () => {
    const [, id] = new RegExp(`job (\\d+): .*: ${word}`).exec(child.stdout() + child.stderr()) ?? [];
    return id;
  });
}

/** The most memory a process has had so far, in MB; undefined once it is gone, and where there is no /proc. */
export function peakMemory(pid: number): number | undefined {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}

/** Made-up entries, numbered: every tenth is an error of three lines. */
export function entries(from: number, count: number): string {
  let text = '';
  for (let i = from; i < from + count; i += 1) {
    const at = new Date(Date.UTC(2024, 4, 6) + i * 1000).toISOString().replace('Z', '').replace('T', ' ');
    text +=
      i % 10 === 0
        ? `${at} ERROR [worker-${i % 4}] order ${i} failed\n\tat shop.Order.place(Order.java:${i % 97})\n\tat shop.Main.run\n`
        : `${at} INFO [worker-${i % 4}] order ${i} placed\n`;
  }
  return text;
}
