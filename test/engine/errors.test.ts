import { RequestError } from 'tedious';
import t from 'tap';
import { ProcedureError, UsageError } from '../../engine/index.js';
import { mapPostgresError } from '../../engine/postgres/errors.js';
import { isPasswordMissing } from '../../engine/postgres/password.js';
import { mapSqlServerError } from '../../engine/sqlserver/errors.js';

const server = 'SQL Server db.example:1433/Fondos';

/** As node-postgres gives a server's error. */
function serverError(code: string, more: object = {}): Error {
  return Object.assign(new Error('mensaje'), { code, severity: 'ERROR', ...more });
}

function given(values: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function requestError(number: number, more: object = {}): RequestError {
  return Object.assign(new RequestError('mensaje', 'EREQUEST'), {
    number,
    procName: '',
    lineNumber: 0,
    ...more,
  });
}

await t.test('PostgreSQL states', (t) => {
  for (const [state, code, number, retryable] of [
    ['UC400', 'BAD_ARGUMENT', 50_400, false],
    ['UC404', 'NOT_FOUND', 50_404, false],
    ['UC408', 'LOCK_TIMEOUT', 50_408, true],
    ['UC409', 'WRONG_STATE', 50_409, false],
    ['UC410', 'LEASE_LOST', 50_410, false],
    ['UC422', 'VERIFICATION_FAILED', 50_422, false],
    ['UC499', 'CANCELLED', 50_499, false],
    ['UC455', 'DATABASE', 50_455, false],
    ['40P01', 'DEADLOCK', 0, true],
    ['40001', 'SERIALIZATION', 0, true],
    ['55P03', 'LOCK_TIMEOUT', 0, true],
    ['57P01', 'CONNECTION', 0, true],
    ['08006', 'CONNECTION', 0, true],
    ['57014', 'TIMEOUT', 0, false],
    ['53200', 'OUT_OF_MEMORY', 0, false],
    ['42501', 'PERMISSION', 0, false],
    ['42601', 'SYNTAX', 0, false],
    ['28P01', 'LOGIN', 0, false],
    ['23505', 'DATABASE', 0, false],
  ] as const) {
    t.match(
      mapPostgresError(serverError(state), { server }),
      { name: 'ProcedureError', code, number, retryable, sqlState: state },
      state,
    );
  }
  t.end();
});

await t.test('PostgreSQL: which failed login lacked a password', (t) => {
  const target = { kind: 'postgres', host: 'h', port: 5432, user: 'u', database: 'd' } as const;
  const { PGPASSWORD, PGPASSFILE } = process.env;
  t.teardown(() => {
    Object.assign(process.env, given({ PGPASSWORD, PGPASSFILE }));
    if (PGPASSFILE === undefined) delete process.env['PGPASSFILE'];
  });
  delete process.env['PGPASSWORD'];
  process.env['PGPASSFILE'] = '/nowhere/.pgpass';
  const scram = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string');
  t.ok(isPasswordMissing(scram, target));
  t.ok(isPasswordMissing(serverError('28P01'), target), 'md5: a made-up one was sent');
  t.notOk(isPasswordMissing(serverError('28P01'), { ...target, password: 'wrong' }));
  t.notOk(isPasswordMissing(serverError('3D000'), target));
  process.env['PGPASSFILE'] = import.meta.filename;
  t.notOk(isPasswordMissing(serverError('28P01'), target), 'the one in the file is wrong');
  t.ok(isPasswordMissing(scram, target), 'the file has none for this server');
  t.end();
});

await t.test('PostgreSQL: where', (t) => {
  const sql = 'SELECT 1;\r\nSELECT 😀x,\n  fron';
  const at = (position: number): unknown => {
    const error = mapPostgresError(serverError('42703', { position: String(position) }), { server, sql });
    return error instanceof ProcedureError ? { line: error.line, column: error.column } : error;
  };
  t.same(at(1), { line: 1, column: 1 });
  t.same(at(12), { line: 2, column: 1 });
  t.same(at(20), { line: 2, column: 9 }, 'characters, not UTF-16 units');
  t.same(at(25), { line: 3, column: 3 });
  const raised = serverError('UC404', {
    where: 'PL/pgSQL function logs.sp_x(bigint) line 12 at RAISE\nSQL statement …',
  });
  t.match(mapPostgresError(raised, { server }), { line: 12, procedure: 'logs.sp_x' });
  t.match(mapPostgresError(raised, { server, procedure: 'logs.sp_y' }), { procedure: 'logs.sp_y' });
  t.match(mapPostgresError(serverError('23505', { detail: 'Key (a)=(1)', hint: 'h' }), { server }), {
    message: 'mensaje. Key (a)=(1). h',
  });
  t.end();
});

await t.test('SQL Server numbers', (t) => {
  for (const [number, code, retryable] of [
    [50_400, 'BAD_ARGUMENT', false],
    [50_408, 'LOCK_TIMEOUT', true],
    [50_410, 'LEASE_LOST', false],
    [50_455, 'DATABASE', false],
    [1205, 'DEADLOCK', true],
    [1222, 'LOCK_TIMEOUT', true],
    [3960, 'SERIALIZATION', true],
    [40_501, 'DATABASE', true],
    [40_613, 'CONNECTION', true],
    [49_918, 'DATABASE', true],
    [49_920, 'DATABASE', true],
    [701, 'OUT_OF_MEMORY', false],
    [8651, 'OUT_OF_MEMORY', false],
    [229, 'PERMISSION', false],
    [102, 'SYNTAX', false],
    [2627, 'DATABASE', false],
  ] as const) {
    t.match(
      mapSqlServerError(requestError(number), { server }),
      { name: 'ProcedureError', code, number, retryable },
      String(number),
    );
  }
  t.match(mapSqlServerError(requestError(50_404, { procName: 'logs.sp_x', lineNumber: 12 }), { server }), {
    procedure: 'logs.sp_x',
    line: 12,
  });
  const several = new AggregateError([requestError(2714), requestError(1750), requestError(50_409)]);
  t.match(mapSqlServerError(several, { server }), { number: 50_409 }, 'what a procedure throws');
  t.match(mapSqlServerError(new AggregateError([requestError(2714), requestError(1750)]), { server }), {
    number: 2714,
  });
  t.match(mapSqlServerError(new AggregateError([requestError(547), requestError(1205)]), { server }), {
    number: 1205,
  });
  t.end();
});

await t.test('connections', (t) => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  for (const map of [mapPostgresError, mapSqlServerError]) {
    const lost = { code: 'CONNECTION', retryable: true };
    t.match(map(refused, { server, connecting: true }), {
      ...lost,
      message:
        /cannot connect to SQL Server db\.example:1433\/Fondos: connect ECONNREFUSED; check that the server runs/,
    });
    t.match(map(refused, { server, procedure: 'a.b' }), { ...lost, message: /was lost/, procedure: 'a.b' });
    const bug = new TypeError('bug');
    t.equal(map(bug, { server }), bug, 'a bug stays a bug');
    const usage = new UsageError('x');
    t.equal(map(usage, { server }), usage);
  }
  const login = Object.assign(new Error('Login failed.'), { code: 'ELOGIN', number: 18_456 });
  t.match(mapSqlServerError(login, { server, connecting: true }), {
    code: 'LOGIN',
    number: 18_456,
    retryable: false,
  });
  const moving = Object.assign(new Error('not available'), { code: 'ELOGIN', number: 40_613 });
  t.match(mapSqlServerError(moving, { server, connecting: true }), { code: 'CONNECTION', retryable: true });
  t.match(
    mapPostgresError(serverError('28000', { message: 'no pg_hba.conf entry, no encryption' }), {
      server,
      connecting: true,
    }),
    {
      code: 'LOGIN',
      message: /sslmode=require/,
    },
  );
  t.end();
});
