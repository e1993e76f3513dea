import type { Chunk } from '../../runner/lanes/handler.js';
import type { FundLane } from './model.js';

interface Piece {
  readonly service: string;
  readonly from: number;
  to: number;
  failed: boolean;
}

/** Which service each chunk was in, and when: what a lane's picture is made of. */
export class LaneBook {
  readonly #since: number;
  readonly #lanes = new Map<string, { readonly fund: string; claimedAt: number; readonly pieces: Piece[] }>();

  /** @param since what the picture's times are counted from, by `performance.now()` */
  constructor(since: number) {
    this.#since = since;
  }

  claimed({ idChunk, recurso }: Chunk): void {
    const now = performance.now();
    const lane = this.#lanes.get(String(idChunk));
    if (lane !== undefined) lane.claimedAt = now;
    else
      this.#lanes.set(String(idChunk), { fund: recurso ?? `chunk ${idChunk}`, claimedAt: now, pieces: [] });
  }

  step({ idChunk }: Chunk, service: string): void {
    const now = performance.now();
    const lane = this.#lanes.get(String(idChunk));
    const last = lane?.pieces.at(-1);
    if (last?.to === Infinity) last.to = now;
    lane?.pieces.push({ service, from: now, to: Infinity, failed: false });
  }

  /** The attempt is over: its last service, and how long all of it took. */
  ended({ idChunk }: Chunk, failed: boolean): { service: string | undefined; ms: number } {
    const now = performance.now();
    const lane = this.#lanes.get(String(idChunk));
    const last = lane?.pieces.at(-1);
    if (last?.to === Infinity) {
      last.to = now;
      last.failed = failed;
    }
    return { service: last?.service, ms: now - (lane?.claimedAt ?? now) };
  }

  serviceAt(chunk: string, at: number): string | undefined {
    return this.#lanes.get(chunk)?.pieces.find(({ from, to }) => from <= at && at <= to)?.service;
  }

  drawn(): readonly FundLane[] {
    const since = (at: number) => Math.round((at - this.#since) * 10) / 10;
    return [...this.#lanes.values()].map(({ fund, pieces }) => ({
      fund,
      bars: pieces.map(({ service, from, to, failed }) => ({
        service,
        from_ms: since(from),
        to_ms: since(Number.isFinite(to) ? to : performance.now()),
        failed,
      })),
    }));
  }
}
