import { randomBytes } from 'node:crypto';

import type { Engine } from '../../engine/index.js';
import { logs } from '../../procedures/generated/index.js';
import { executionJson, oneProcess, processJson, serviceJson } from './process-json.js';
import type { OneProcess } from './process-json.js';
import { encodeEvent } from './sse.js';

/** Events that are sent together at most: who comes late to a run of a thousand funds reads them one part after another. */
const mostAtOnce = 500;

/** Some events that follow each other, written. */
export interface Events {
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

/** A process as it stood at one moment. */
export interface Look {
  readonly process: logs.EstadoProcesoResult;
  readonly executions: readonly logs.EstadoEjecucionesRow[];
  readonly services: readonly logs.EstadoServiciosRow[];
}

/**
 * Reads a process from the top down: what is read later is at least as new, so a process that is seen to have ended has all its
 * executions and services in the same look.
 */
export async function lookAtProcess(engine: Engine, idProceso: bigint): Promise<Look> {
  const process = await logs.estadoProceso(engine, { idProceso }, { idempotent: true });
  // of a legacy ID the process has been found by now
  const found = { idProceso: process.idProceso };
  const executions = await logs.estadoEjecuciones(engine, found, { idempotent: true });
  const services = await logs.estadoServicios(engine, found, { idempotent: true });
  return { process, executions, services };
}

/**
 * The events of one process, made by comparing each look with the one before: every service's end and every execution's
 * state once, in order, services before their execution and all of them before `fin`. IDs number them within this feed; a
 * client that comes back with the ID of another feed (the server began anew) gets all of them again behind `inicio`.
 */
export class ProcessFeed {
  readonly #epoch = randomBytes(4).toString('hex');
  readonly #events: string[] = [];
  readonly #known = new Map<string, string>();
  #joined: Events | undefined;
  #last: Look | undefined;
  #state: OneProcess | undefined;
  #json: string | undefined;
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  get length(): number {
    return this.#events.length;
  }

  /** The process as it was seen last: no older than the newest event. Made when somebody asks, once a look. */
  get state(): OneProcess {
    if (this.#last === undefined) throw new Error('nothing has been seen yet');
    return (this.#state ??= oneProcess(this.#last));
  }

  /** The same, written. */
  get json(): string {
    return (this.#json ??= JSON.stringify(this.state));
  }

  /** The next events behind the first `from`, as they go over the wire: put together once for all who have got as far. */
  eventsFrom(from: number): Events {
    const to = Math.min(from + mostAtOnce, this.#events.length);
    if (this.#joined?.from !== from || this.#joined.to !== to)
      this.#joined = { from, to, bytes: Buffer.from(this.#events.slice(from, to).join('')) };
    return this.#joined;
  }

  /** Where to go on for a client that has last seen this ID. */
  positionAfter(lastId: string | undefined): number {
    const [, epoch, n] = /^([0-9a-f]+)-(\d+)$/.exec(lastId ?? '') ?? [];
    return epoch === this.#epoch ? Math.min(Number(n), this.#events.length) : 0;
  }

  /** Adds what is new in a look. */
  take(look: Look): void {
    const { process, executions, services } = look;
    this.#last = look;
    this.#state = undefined;
    this.#json = undefined;
    if (this.#ended) return;
    if (this.#events.length === 0) this.#add('inicio', { ID_Proceso: String(process.idProceso) });
    for (const service of services) {
      const key = `s ${service.idEjecucion} ${service.idFund} ${service.servicio}`;
      if (this.#differs(key, service.estado) && service.estado !== 'PENDIENTE')
        this.#add('servicio', serviceJson(service));
    }
    for (const execution of executions) {
      const { estado, servicioActual } = execution;
      if (this.#differs(`e ${execution.idEjecucion}`, `${estado} ${servicioActual ?? ''}`))
        this.#add('ejecucion', executionJson(execution));
    }
    const state = processJson(process);
    if (this.#differs('p', JSON.stringify(state))) this.#add('proceso', state);
    if (process.fechaFin !== null) {
      this.#ended = true;
      this.#add('fin', { ID_Proceso: state.ID_Proceso, Estado: state.Estado });
    }
  }

  #differs(key: string, value: string): boolean {
    if (this.#known.get(key) === value) return false;
    this.#known.set(key, value);
    return true;
  }

  #add(event: string, data: unknown): void {
    this.#events.push(encodeEvent({ id: `${this.#epoch}-${this.#events.length + 1}`, event, data }));
  }
}
