import { attribute, deadlockOf, nodes, textOf, xml } from './deadlock-graph.js';
import type { DeadlockGraph, Node } from './deadlock-graph.js';

/** A lock that was waited for longer than the session's threshold. */
export interface LongWait {
  /** When it was over, by the server's clock. */
  readonly at: string | null;
  readonly object: number | null;
  /** KEY, PAGE, OBJECT, APPLICATION… */
  readonly resource: string;
  readonly mode: string;
  readonly ms: number;
}

export interface RingBuffer {
  readonly deadlocks: readonly DeadlockGraph[];
  readonly waits: readonly LongWait[];
  /** Some events did not fit. */
  readonly truncated: boolean;
}

/** Reads the `<RingBufferTarget>` of `sys.dm_xe_session_targets.target_data`. */
export function parseRingBuffer(text: string): RingBuffer {
  const [target = {}] = nodes((xml.parse(text) as Node)['RingBufferTarget']);
  const events = nodes(target['event']);
  const named = (...names: string[]) =>
    events.filter((event) => names.includes(attribute(event, 'name') ?? ''));
  return {
    deadlocks: named('xml_deadlock_report', 'database_xml_deadlock_report').flatMap(
      (it) => deadlockOf(it) ?? [],
    ),
    waits: named('lock_acquired').map((event) => {
      const data = dataOf(event);
      return {
        at: attribute(event, 'timestamp'),
        object: Number(data.get('object_id')?.value) || null,
        resource: data.get('resource_type')?.text ?? '',
        mode: data.get('mode')?.text ?? '',
        // the event has microseconds
        ms: Number(data.get('duration')?.value ?? 0) / 1000,
      };
    }),
    truncated:
      Number(attribute(target, 'truncated') ?? 0) > 0 || Number(attribute(target, 'droppedCount') ?? 0) > 0,
  };
}

/** Reads a `<HistogramTarget>`: how often each value of its source was seen. */
export function parseHistogram(text: string): ReadonlyMap<string, number> {
  const [target = {}] = nodes((xml.parse(text) as Node)['HistogramTarget']);
  return new Map(
    nodes(target['Slot']).map((slot) => [textOf(slot['value']), Number(attribute(slot, 'count') ?? 0)]),
  );
}

/** An event's columns: the value, and what a map calls it. */
function dataOf(event: Node): ReadonlyMap<string, { value: string; text: string }> {
  return new Map(
    nodes(event['data']).map((data) => [
      attribute(data, 'name') ?? '',
      { value: textOf(data['value']), text: textOf(data['text']) },
    ]),
  );
}
