import { metadataOf } from './read.js';
import type { TraceRow } from './read.js';
import { laneOf } from './tracer.js';

/** Funds are one group of tracks; each worker's lanes are another, under the worker's process ID. */
const fundsGroup = 0;

type Event = Readonly<Record<string, unknown>>;

/**
 * Traces in the Trace Event Format that Perfetto and chrome://tracing read, as pieces of one JSON document: a track a fund
 * and a track a lane. Times are microseconds since the first record, whose instant stands in `otherData`.
 */
export async function* chromeTrace(
  pages: AsyncIterable<readonly TraceRow[]>,
  about: Readonly<Record<string, string>>,
  count: (records: number) => void = () => undefined,
): AsyncGenerator<string> {
  const writer = new ChromeWriter();
  let records = 0;
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    let text = '';
    for (const row of rows) {
      if (records === 0) text += opening(writer.begin(row), about);
      records += 1;
      for (const event of writer.eventsOf(row)) text += line(event);
    }
    count(records);
    yield text;
  }
  if (records === 0) yield opening(undefined, about);
  let rest = '';
  for (const event of writer.unfinished()) rest += line(event);
  // the array ends without a comma: the last event is one that always is there
  const last = { name: 'carril', ph: 'M', pid: fundsGroup, args: { records } };
  yield `${rest}${JSON.stringify(last)}\n]}\n`;
}

function opening(first: string | undefined, about: Readonly<Record<string, string>>): string {
  const otherData = { ...about, ...(first === undefined ? {} : { begins: first }) };
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[\n`;
}

function line(event: Event): string {
  return `${JSON.stringify(event)},\n`;
}

class ChromeWriter {
  #base = 0;
  #last = 0;
  readonly #tracks = new Set<string>();
  readonly #groups = new Set<number>();
  /** STARTs that have not ended. */
  readonly #open = new Map<string, TraceRow>();

  /** The instant from which times count. */
  begin(row: TraceRow): string {
    this.#base = row.timestamp.getTime() - (row.duracionMs ?? 0);
    return new Date(this.#base).toISOString();
  }

  *eventsOf(row: TraceRow): Generator<Event> {
    this.#last = row.timestamp.getTime();
    const key = `${row.subEtapa ?? String(row.idEjecucion)} ${row.etapa ?? ''}`;
    switch (row.tipoEvento) {
      case 'START':
        this.#open.set(key, row);
        return;
      case 'END':
      case 'ERROR':
        this.#open.delete(key);
        yield* this.#slices(
          row,
          row.etapa ?? 'carril',
          row.tipoEvento === 'ERROR' ? { cname: 'terrible' } : {},
        );
        return;
      case 'WAIT':
        yield* this.#slices(row, `wait: ${row.recurso ?? ''}`, { cat: 'wait', cname: 'bad' });
        return;
      default:
        for (const [pid, tid, events] of this.#tracksOf(row)) {
          yield* events;
          yield {
            ...{ name: `lock: ${row.recurso ?? ''}`, cat: 'lock', ph: 'i', s: 't' },
            ...{ ts: this.#micros(this.#last), pid, tid, args: argsOf(row) },
          };
        }
    }
  }

  /** What had not ended when the traces did, as long as the traces go. */
  *unfinished(): Generator<Event> {
    for (const row of this.#open.values()) {
      const so = {
        ...row,
        timestamp: new Date(this.#last),
        duracionMs: this.#last - row.timestamp.getTime(),
      };
      yield* this.#slices(so, row.etapa ?? 'carril', { cname: 'grey' }, { unfinished: true });
    }
  }

  *#slices(row: TraceRow, name: string, look: Event, more: Event = {}): Generator<Event> {
    const dur = row.duracionMs ?? 0;
    const ts = this.#micros(row.timestamp.getTime() - dur);
    for (const [pid, tid, events] of this.#tracksOf(row)) {
      yield* events;
      // on a lane's track the fund is the news
      const called = pid === fundsGroup || row.fundShortName === null ? name : `${name} ${row.fundShortName}`;
      const args = { ...argsOf(row), ...more };
      yield { name: called, cat: 'work', ...look, ph: 'X', ts, dur: dur * 1000, pid, tid, args };
    }
  }

  /** The tracks that a record is on, each with what introduces it. */
  *#tracksOf(row: TraceRow): Generator<readonly [number, number, readonly Event[]]> {
    if (row.idFund !== null) {
      const name = row.fundShortName ?? `fund ${row.idFund}`;
      yield [fundsGroup, row.idFund, this.#introduce(fundsGroup, 'funds', row.idFund, name)];
    }
    // a chunk that waits for its next attempt is in no lane
    if (row.threadId === null || (row.tipoEvento === 'WAIT' && row.recurso === 'reintento')) return;
    const { pid, lane } = laneOf(row.threadId);
    yield [pid, lane, this.#introduce(pid, `worker ${pid}`, lane, `lane ${lane}`)];
  }

  #introduce(pid: number, group: string, tid: number, name: string): readonly Event[] {
    const events: Event[] = [];
    if (!this.#groups.has(pid)) {
      this.#groups.add(pid);
      events.push({ name: 'process_name', ph: 'M', pid, args: { name: group } });
    }
    const track = `${pid} ${tid}`;
    if (!this.#tracks.has(track)) {
      this.#tracks.add(track);
      events.push({ name: 'thread_name', ph: 'M', pid, tid, args: { name } });
      events.push({ name: 'thread_sort_index', ph: 'M', pid, tid, args: { sort_index: tid } });
    }
    return events;
  }

  #micros(ms: number): number {
    // an end and its duration are rounded each for itself: what began with the first record may seem to have begun before it
    return Math.max(0, ms - this.#base) * 1000;
  }
}

function argsOf(row: TraceRow): Event {
  return {
    fund: row.fundShortName,
    execution: row.idEjecucion === null ? null : String(row.idEjecucion),
    attempt: row.subEtapa,
    resource: row.recurso,
    ...metadataOf(row),
  };
}
