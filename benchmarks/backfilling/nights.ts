import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine } from '../../engine/index.js';
import { homol } from '../../procedures/generated/index.js';
import { line } from '../../test/conformance/ipa.js';
import { computedRows } from '../../test/runner/support.js';
import { runCarril } from '../../test/testing/process.js';
import { backfilledTables } from '../../test/backfill/brownfield.js';

/** A date of the new way, which the backfill must leave alone. */
const night = '2031-05-05';
/** Between two nights. */
const pauseMs = 5000;

export interface Nights {
  readonly runs: number;
  /** Those whose rows were not those of a run that nothing ran beside. */
  readonly disturbed: number;
  readonly longestSeconds: number;
}

/** Nightly runs as a site starts them, in a process of their own. */
export class NightlyRuns {
  readonly #engine: Engine;
  readonly #url: string;
  #undisturbed: readonly string[] = [];

  constructor(engine: Engine, url: string) {
    this.#engine = engine;
    this.#url = url;
  }

  /** Loads the night's positions, and runs it once with nothing beside it. */
  async prepare(funds: number, lines: number): Promise<void> {
    for (let fund = 1; fund <= funds; fund += 1) {
      const filas = Array.from({ length: lines }, (_, n) =>
        line(fund * 1000 + n, `G${fund}`, `INV ${n}`, {
          fechaReporte: night,
          cantidad: '10',
          precioLocal: n % 3 === 0 ? null : '10',
          valorMercado: '100',
        }),
      );
      await homol.cargarIpa(this.#engine, { filas });
    }
    ({ rows: this.#undisturbed } = await this.#run());
  }

  /** One night after the other, for as long as the work takes; at least one. */
  async beside<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly nights: Nights }> {
    const over = new AbortController();
    const looped = this.#loop(over.signal);
    // a failure of the loop ends with the work
    looped.catch(() => undefined);
    try {
      const result = await work();
      over.abort();
      return { result, nights: await looped };
    } finally {
      over.abort();
    }
  }

  /** Takes away whatever the nights wrote, so that the history can be compared with how it began. */
  async remove(): Promise<void> {
    const runs = `SELECT ID_Proceso FROM logs.Procesos WHERE FechaReporte = date '${night}'`;
    const executions = `SELECT ID_Ejecucion FROM logs.Ejecuciones WHERE ID_Proceso IN (${runs})`;
    for (const table of backfilledTables.toReversed())
      await this.#engine.query(`DELETE FROM ${table} WHERE ID_Ejecucion IN (${executions})`);
    await this.#engine.query(`DELETE FROM logs.Procesos WHERE FechaReporte = date '${night}'`);
  }

  async #loop(signal: AbortSignal): Promise<Nights> {
    let [runs, disturbed, longestSeconds] = [0, 0, 0];
    do {
      const { rows, seconds } = await this.#run();
      runs += 1;
      longestSeconds = Math.max(longestSeconds, seconds);
      if (rows.join('\n') !== this.#undisturbed.join('\n')) disturbed += 1;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    } while (!signal.aborted);
    return { runs, disturbed, longestSeconds: Math.round(longestSeconds * 10) / 10 };
  }

  async #run(): Promise<{ readonly rows: readonly string[]; readonly seconds: number }> {
    const began = performance.now();
    const args = ['run', '--date', night, '--lanes', '2', '--json'];
    const { code, stdout, stderr } = await runCarril(args, { env: { CARRIL_DATABASE_URL: this.#url } });
    if (code !== 0) throw new Error(`the nightly run failed: ${stderr}`);
    const seconds = (performance.now() - began) / 1000;
    const { process: made } = JSON.parse(stdout) as { readonly process: { readonly id: string } };
    return { rows: await computedRows(this.#engine, made.id), seconds };
  }
}
