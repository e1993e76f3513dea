import { existsSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';

/** Appended once to the postgresql.conf that initdb wrote: ours, then the user's own. */
export const includes = `
# Written by carril when the cluster was made. Settings of your own go to postgresql.conf in the folder around this one
# (or in CARRIL_HOME); carril copies them to site.conf at each start.
include 'carril.conf'
include 'site.conf'
`;

/** Password logins from this machine; no socket, no replication. */
export const hba = `# Written by carril
host all all 127.0.0.1/32 scram-sha-256
`;

/** `carril.conf`: what lanes need. Written at each start, so that a newer version's settings reach an older cluster. */
export function carrilConfig(port: number): string {
  const megabytes = totalmem() / 2 ** 20;
  const buffers = Math.round(Math.min(256, Math.max(32, megabytes / 8)));
  const settings: readonly (readonly [string, string])[] = [
    // a loopback port, not a socket: a socket's path may be 100 characters long, a project's is longer
    ['listen_addresses', "'127.0.0.1'"],
    ['port', String(port)],
    ['unix_socket_directories', "''"],
    ['password_encryption', "'scram-sha-256'"],
    // 200 lanes and those who watch them; one that is not used costs some 20 kB
    ['max_connections', '300'],
    ['shared_buffers', `'${buffers}MB'`],
    ['effective_cache_size', `'${Math.round(Math.max(128, megabytes / 2))}MB'`],
    ['work_mem', "'8MB'"],
    ['maintenance_work_mem', "'64MB'"],
    // a commit is on the disk when it returns: what leases promise, and what the benchmarks measure
    ['fsync', 'on'],
    ['synchronous_commit', 'on'],
    ['full_page_writes', 'on'],
    // nobody replicates from here
    ['wal_level', 'minimal'],
    ['max_wal_senders', '0'],
    ['max_logical_replication_workers', '0'],
    ['max_wal_size', "'1GB'"],
    ['checkpoint_timeout', "'15min'"],
    // lanes run side by side already; a parallel plan inside one would take the others' processors, and needs /dev/shm
    ['max_parallel_workers_per_gather', '0'],
    ['jit', 'off'],
    ['deadlock_timeout', "'1s'"],
    ['log_lock_waits', 'on'],
    ['track_io_timing', 'on'],
    ['track_functions', "'pl'"],
    ['idle_in_transaction_session_timeout', "'10min'"],
    // a client that vanished without a word does not keep its locks for hours
    ['tcp_keepalives_idle', '30'],
    ['tcp_keepalives_interval', '10'],
    ['tcp_keepalives_count', '3'],
    ['client_connection_check_interval', process.platform === 'win32' ? '0' : "'5s'"],
    ['timezone', "'UTC'"],
    ['log_timezone', "'UTC'"],
    ['datestyle', "'iso, ymd'"],
    ['lc_messages', "'C'"],
    ['log_destination', "'stderr'"],
    ['logging_collector', 'off'],
    ['log_line_prefix', "'%m [%p] %q%u@%d %a '"],
    ['log_checkpoints', 'off'],
    // read by migrator/disposable.ts: the server says of itself that it may be thrown away
    ['carril.embedded', "'on'"],
  ];
  const lines = settings.map(([name, value]) => `${name} = ${value}\n`);
  return '# Written by carril at each start: edits are lost\n' + lines.join('');
}

/** The user's own settings, from the home or from the folder around the data; undefined when there are none. */
export function siteConfig(folders: readonly string[]): string | undefined {
  const file = folders.map((folder) => join(folder, 'postgresql.conf')).find((path) => existsSync(path));
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}
