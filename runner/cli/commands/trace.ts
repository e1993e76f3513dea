import { defineCommand } from '../context.js';
import { bottlenecks } from './trace/bottlenecks.js';
import { exportTraces } from './trace/export.js';
import { overlaps } from './trace/overlaps.js';
import { purge } from './trace/purge.js';
import { timeline } from './trace/timeline.js';

export const command = defineCommand({
  command: 'trace',
  describe: 'show, export and purge what the lanes of a run did',
  builder: (args) =>
    args
      .command(overlaps)
      .command(bottlenecks)
      .command(timeline)
      .command(exportTraces)
      .command(purge)
      .example('$0 trace bottlenecks 1042', 'what a process waited for, and what took longest')
      .demandCommand(1, 'say what to do: overlaps, bottlenecks, timeline, export or purge'),
  handler: () => {
    // one of the above does it
  },
});
