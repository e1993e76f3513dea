/** The figures of each benchmark's own document: when it is recorded, and of recordings from before they carried them. */
import type { Figure } from '../figure.js';
import { backfillFigures } from './backfill.js';
import { contentionFigures } from './contention.js';
import { leasesFigures } from './leases.js';
import { logsFigures } from './logs.js';
import { payrollFigures } from './payroll.js';
import { growthFigures, pipelineFigures } from './pipeline.js';
import { probeFigures } from './probe.js';
import { serviceFigures } from './service.js';
import { traceFigures } from './trace.js';

/** In the order in which the README has them. */
const makers = {
  contention: contentionFigures,
  attached: contentionFigures,
  pipeline: pipelineFigures,
  'pipeline-growth': growthFigures,
  leases: leasesFigures,
  backfill: backfillFigures,
  trace: traceFigures,
  logs: logsFigures,
  payroll: payrollFigures,
  service: serviceFigures,
  probe: probeFigures,
} as const;

export type Benchmark = keyof typeof makers;

/** What a benchmark measured, in its own words. */
export type Measured<B extends Benchmark> = Parameters<(typeof makers)[B]>[0];

export const benchmarks = Object.keys(makers) as Benchmark[];

export function figuresOf<B extends Benchmark>(benchmark: B, measured: Measured<B>): readonly Figure[] {
  return (makers[benchmark] as (measured: Measured<B>) => readonly Figure[])(measured);
}

/** Undefined when nobody here knows such a benchmark. @throws when the document is not what that benchmark wrote */
export function figuresIn(document: { readonly benchmark?: unknown }): readonly Figure[] | undefined {
  const benchmark = benchmarks.find((name) => name === document.benchmark);
  return benchmark === undefined ? undefined : figuresOf(benchmark, document as never);
}
