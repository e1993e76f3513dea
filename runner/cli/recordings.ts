import type { Recording } from '../../benchmarks/recording.js';
import { HttpProblem } from '../http/problem.js';
import type { Recordings, RecordingSummary } from '../http/routes/recordings.js';
import { CommandError } from './errors.js';

/** A recording as a list shows it. */
export function summaryOf({ label, at, benchmark, migration, rounds }: Recording): RecordingSummary {
  const architectures = [...new Set(rounds.map(({ architecture }) => architecture))];
  return { label, at, benchmark, migration, rounds: rounds.length, architectures };
}

/** A folder's recordings, for the service; the benchmarks are loaded when somebody asks. */
export function recordingsIn(folder: string): Recordings {
  const all = async () => (await import('../../benchmarks/recording.js')).listRecordings(folder);
  return {
    async list() {
      return (await all()).map(summaryOf);
    },
    async compare(a, b) {
      const { compare } = await import('../../benchmarks/compare.js');
      // looked for among those that are listed: what is asked for over HTTP never becomes a path
      const recordings = await all();
      const [before, after] = [a, b].map((name) => {
        const found = recordings.find(({ label }) => label === name);
        if (found === undefined) throw new HttpProblem(404, 'NOT_FOUND', `there is no recording ${name}`);
        return found;
      });
      if (before === undefined || after === undefined) throw new Error('both were found');
      try {
        return compare(before, after) as Awaited<ReturnType<Recordings['compare']>>;
      } catch (error) {
        if (error instanceof CommandError) throw new HttpProblem(409, error.code, error.message);
        throw error;
      }
    },
  };
}
