import type { Engine } from '../../engine/index.js';
import { Tracer } from '../trace/tracer.js';
import type { Output } from './output.js';

/** The tracer of a worker that is to be traced: what keeps it from tracing is a warning, never a failure. */
export function tracerFor(trace: boolean, engine: Engine, out: Output): Tracer | undefined {
  if (!trace) return undefined;
  return new Tracer({
    engine,
    warn: (message) => {
      out.warn(message);
    },
  });
}
