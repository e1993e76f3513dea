import type { ListaBloquesV1Row } from '../../procedures/generated/logs.tables.js';
import type { LogBlock } from './block.js';
import type { ScanResult } from './scan.js';

/** Blocks as the procedures take them. */
export function blockRows(blocks: readonly LogBlock[]): ListaBloquesV1Row[] {
  return blocks.map((block) => ({
    byteInicio: BigInt(block.byteStart),
    byteFin: BigInt(block.byteEnd),
    nivel: block.level,
    momento: block.at,
    firma: block.signature,
    primeraLinea: block.firstLine,
    texto: block.text,
    recortado: block.truncated,
  }));
}

/** A chunk's result, JSON: how many blocks it had, and where the next scan begins if it was the file's last. */
export function resultOf({ blocks, resumeAt }: ScanResult): string {
  return JSON.stringify({ bloques: blocks, reanudar_en: String(resumeAt) });
}
