import { HttpProblem } from '../http/problem.js';
import type { Recordings } from '../http/routes/recordings.js';
import { CommandError } from './errors.js';

/** A folder's recordings, for the service; the benchmarks are loaded when somebody asks. */
export function recordingsIn(folder: string): Recordings {
  const recording = () => import('../../benchmarks/recording.js');
  return {
    async list() {
      const { listRecordings, summaryOf } = await recording();
      return listRecordings(folder).map(summaryOf);
    },
    async compare(a, b) {
      const { compareRecordings } = await import('../../benchmarks/compare-recordings.js');
      // looked for among those that are listed: what is asked for over HTTP never becomes a path
      const recordings = (await recording()).listRecordings(folder);
      const [before, after] = [a, b].map((name) => {
        const found = recordings.find(({ label }) => label === name);
        if (found === undefined) throw new HttpProblem(404, 'NOT_FOUND', `there is no recording ${name}`);
        return found;
      });
      if (before === undefined || after === undefined) throw new Error('both were found');
      try {
        return compareRecordings(before, after) as Awaited<ReturnType<Recordings['compare']>>;
      } catch (error) {
        if (error instanceof CommandError) throw new HttpProblem(409, error.code, error.message);
        throw error;
      }
    },
  };
}
