/** Which circles of waiting sessions are deadlocks. */
import t from 'tap';

import { WaitGraph } from '../../benchmarks/contention/wait-graph.js';

/** What the sampler reads of a session that waits for another one's lock. */
function waits(pid: number, blockers: string, type = 'transactionid') {
  return { pid, blockers, type, wait: `${pid} since 1`, mode: 'ShareLock', statement: `UPDATE ${pid}` };
}

t.test('one look is not of one moment: a circle that was seen once is none', (t) => {
  const graph = new WaitGraph();
  graph.look([waits(1, '2'), waits(2, '1')], 0);
  graph.look([waits(1, '2')], 20);
  t.same(graph.circles(), []);
  t.end();
});

t.test('one that lasts is one deadlock, however often it is seen', (t) => {
  const graph = new WaitGraph();
  for (const at of [0, 20, 60, 80]) graph.look([waits(1, '2'), waits(2, '3'), waits(3, '1')], at);
  const circles = graph.circles();
  t.equal(circles.length, 1);
  t.same(circles[0]?.processes.map(({ id }) => id).toSorted(), ['1', '2', '3']);
  t.end();
});
