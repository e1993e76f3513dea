/**
 * A process of its own: many clients that each follow a run's events to the end, and check what they got. They are checked when the
 * run has ended: what a client does with its events is not what is measured.
 */
import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';

/** What the clients saw, together. */
export interface Watched {
  readonly clients: number;
  /** Numbered without a gap from 1, from `inicio` to `fin`. */
  readonly in_order: number;
  /** Got the same bytes as the first one. */
  readonly same: number;
  readonly events: number;
  /** Funds whose last state each client saw, over all clients: the least. */
  readonly funds_ended: number;
  /** Of this process, while the run went on. */
  readonly cpu_s: number;
}

const [url = '', token = '', clients = '0'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

interface Seen {
  readonly inOrder: boolean;
  readonly digest: string;
  readonly events: number;
  readonly funds: number;
}

/** Everything that a stream sends until it ends. */
function follow(opened: () => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`${url} answered ${response.statusCode}`));
        return;
      }
      opened();
      const parts: Buffer[] = [];
      response.on('data', (bytes: Buffer) => parts.push(bytes));
      response.on('end', () => {
        resolve(Buffer.concat(parts));
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

function check(stream: Buffer): Seen {
  const hash = createHash('sha256');
  const ended = new Set<string>();
  let [next, inOrder, last] = [1, true, ''];
  for (const part of stream.toString('utf8').split('\n\n')) {
    const [, id, event = '', data = '{}'] =
      /^id: [0-9a-f]+-(\d+)\nevent: (\w+)\ndata: (.*)$/s.exec(part) ?? [];
    if (id === undefined) continue;
    hash.update(part);
    inOrder &&= Number(id) === next && (next > 1 || event === 'inicio');
    next += 1;
    last = event;
    if (event !== 'ejecucion') continue;
    const { FundShortName, FechaFin } = JSON.parse(data) as Record<string, string | null>;
    if (FechaFin != null) ended.add(String(FundShortName));
  }
  return {
    inOrder: inOrder && last === 'fin',
    digest: hash.digest('hex'),
    events: next - 1,
    funds: ended.size,
  };
}

let open = 0;
let begun = process.cpuUsage();
const streams = await Promise.all(
  Array.from({ length: Number(clients) }, () =>
    follow(() => {
      open += 1;
      if (open < Number(clients)) return;
      begun = process.cpuUsage();
      process.send?.('open');
    }),
  ),
);
const { user, system } = process.cpuUsage(begun);
agent.destroy();
const all = streams.map(check);
const watched: Watched = {
  clients: all.length,
  in_order: all.filter(({ inOrder }) => inOrder).length,
  same: all.filter(({ digest }) => digest === all[0]?.digest).length,
  events: all[0]?.events ?? 0,
  funds_ended: Math.min(...all.map(({ funds }) => funds)),
  cpu_s: Math.round((user + system) / 1e4) / 100,
};
process.send?.(watched);
process.disconnect();
