import { userInfo } from 'node:os';
import t from 'tap';
import { UsageError, describeTarget, needsPassword, parseUrl, withPassword } from '../../engine/index.js';
import type { ConnectionTarget } from '../../engine/index.js';

const configured = (text: string): ConnectionTarget => parseUrl(text, { fromCommandLine: false });

await t.test('embedded', (t) => {
  t.same(configured('embedded:'), { kind: 'embedded' });
  t.same(configured('embedded:otra_2'), { kind: 'embedded', database: 'otra_2' });
  for (const name of ['Otra', '2a', 'a-b', '//x', 'a'.repeat(64)]) {
    t.throws(() => configured(`embedded:${name}`), UsageError);
  }
  t.end();
});

await t.test('postgres', (t) => {
  t.match(configured('postgres://ana:p%40s%2Fs%25@db.example:5433/fondos?sslmode=require'), {
    kind: 'postgres',
    host: 'db.example',
    port: 5433,
    user: 'ana',
    password: 'p@s/s%',
    database: 'fondos',
    ssl: { mode: 'require' },
  });
  t.match(configured('postgresql://ana@db.example'), { port: 5432, database: 'ana', password: undefined });
  t.match(configured('postgres:///fondos?host=/var/run/postgresql'), {
    host: '/var/run/postgresql',
    user: process.env['PGUSER'] ?? userInfo().username,
  });
  t.match(configured('postgres://ana@%2Ftmp/fondos'), { host: '/tmp' });
  t.match(configured('postgres://ana@[::1]:5433/fondos'), { host: '::1', port: 5433 });
  t.match(configured('postgres://ana@h/f?sslrootcert=/ca.pem'), {
    ssl: { mode: 'verify-full', rootCert: '/ca.pem' },
  });
  t.match(configured('postgres://ana@h/f?connect_timeout=7&requestTimeout=2m&application_name=noche+1'), {
    options: { connectTimeoutMs: 7000, requestTimeoutMs: 120_000, appName: 'noche 1' },
  });
  t.throws(() => configured('postgres://ana@h/f?sslmode=prefer'), { message: /leaves it to chance/ });
  t.throws(() => configured('postgres://ana@a,b/f'), { message: /several hosts/ });
  t.throws(() => configured('postgres://ana@h/f?sslmod=require'), {
    message: /unknown option sslmod.*sslmode/,
  });
  t.end();
});

await t.test('SQL Server', (t) => {
  t.match(configured('mssql://ana:x@db.example/Fondos'), {
    kind: 'sqlserver',
    host: 'db.example',
    port: 1433,
    database: 'Fondos',
    authentication: { type: 'default', user: 'ana', password: 'x' },
    encrypt: true,
    trustServerCertificate: false,
    multiSubnetFailover: false,
    readOnlyIntent: false,
  });
  const instance = { host: 'srv', instance: 'PROD', port: undefined };
  t.match(configured(String.raw`mssql://ana:x@srv\PROD/Fondos`), instance);
  t.match(configured('mssql://ana:x@srv%5CPROD/Fondos'), instance);
  t.match(configured('mssql://ana:x@srv/Fondos?Instance=PROD'), instance, 'names of options in any case');
  t.match(
    configured(
      'mssql://ana:x@srv:1444/F?encrypt=strict&hostNameInCertificate=db.example&ca=/ca.pem&multiSubnetFailover=true&readOnlyIntent=yes&appName=noche&connectTimeout=5s&requestTimeout=1500',
    ),
    {
      encrypt: 'strict',
      serverName: 'db.example',
      ca: '/ca.pem',
      multiSubnetFailover: true,
      readOnlyIntent: true,
      options: { appName: 'noche', connectTimeoutMs: 5000, requestTimeoutMs: 1500 },
    },
  );
  for (const [url, message] of [
    ['mssql://ana@srv', /names no database/],
    ['mssql:///F', /names no host/],
    ['mssql://ana@srv:1433/F?instance=PROD', /both a port and an instance/],
    [String.raw`mssql://ana@srv\PROD/F?instance=PROD`, /instance twice/],
    ['mssql://ana@srv/F?encrypt=maybe', /encrypt .*takes true, false, strict/],
    ['mssql://ana@srv/F?encrypt=strict&trustServerCertificate=true', /always checks/],
    ['mssql://ana@srv/F?color=rojo', /unknown option color.*multiSubnetFailover/],
    ['mssql://ana@srv/F?encrypt=true&Encrypt=false', /twice/],
    ['mssql://ana@srv/F?connectTimeout=soon', /takes milliseconds/],
  ] as const) {
    t.throws(() => configured(url), { name: 'UsageError', message }, url);
  }
  t.end();
});

await t.test('SQL Server logins', (t) => {
  const login = (text: string): unknown => {
    const target = configured(text);
    return target.kind === 'sqlserver' ? target.authentication : undefined;
  };
  const ntlm = { type: 'ntlm', user: 'ana', password: 'x', domain: 'OFICINA' };
  t.same(login('mssql://ana:x@srv/F?authentication=ntlm&domain=OFICINA'), ntlm);
  t.same(login('mssql://ana:x@srv/F?domain=OFICINA'), ntlm);
  t.same(login('mssql://OFICINA%5Cana:x@srv/F'), ntlm);
  t.match(
    login('mssql://ana%40example.com:x@srv/F?authentication=azure-active-directory-password&clientId=c'),
    {
      user: 'ana@example.com',
      password: 'x',
      clientId: 'c',
      tenantId: 'common',
    },
  );
  t.match(login('mssql://srv/F?authentication=azure-active-directory-access-token&accessToken=t'), {
    token: 't',
  });
  t.match(login('mssql://srv/F?authentication=azure-active-directory-msi-vm'), { clientId: undefined });
  t.match(login('mssql://srv/F?authentication=azure-active-directory-default&clientId=c'), { clientId: 'c' });
  t.match(
    login(
      'mssql://srv/F?authentication=azure-active-directory-service-principal-secret&clientId=c&tenantId=t&clientSecret=s',
    ),
    { clientId: 'c', tenantId: 't', clientSecret: 's' },
  );
  for (const [url, message] of [
    ['mssql://srv/F', /Windows integrated login.*authentication=ntlm/],
    ['mssql://ana:x@srv/F?trustedConnection=true', /Windows integrated login/],
    ['mssql://ana:x@srv/F?authentication=ntlm', /needs domain=/],
    ['mssql://ana:x@srv/F?authentication=default&domain=D', /authentication=ntlm/],
    ['mssql://ana:x@srv/F?authentication=kerberos', /takes default, ntlm, azure/],
    ['mssql://srv/F?authentication=azure-active-directory-access-token', /needs accessToken=/],
  ] as const) {
    t.throws(() => configured(url), { name: 'UsageError', message }, url);
  }
  t.end();
});

await t.test('no secret on the command line, nor in a message', (t) => {
  const typed = (text: string): ConnectionTarget => parseUrl(text, { fromCommandLine: true });
  for (const url of [
    'postgres://ana:s3creto@h/f',
    'postgres://ana:@h/f',
    'mssql://ana:s3@creto@h/f',
    'mssql://ana:s3/creto?@h/f',
    'mssql://h/f?authentication=azure-active-directory-access-token&accessToken=s3creto',
    'mssql://ana@h/f?clientSecret=s3creto',
    'mssql://ana@h/f?Password=s3creto',
  ]) {
    t.throws(() => typed(url), {
      name: 'UsageError',
      message: /command line.*CARRIL_DATABASE_URL.*carril\.config\.json/,
    });
  }
  t.match(typed('mssql://ana@h:1433/f'), { authentication: { user: 'ana' } });
  t.match(typed('postgres://h/f'), { host: 'h' });
  for (const url of [
    'postgres://ana:s3creto/x@h/f',
    'postgres://ana:s3creto?x@h/f',
    'mssql://ana:s3creto%zz@h/f',
    'mssql://ana:s3creto',
    'ana:s3creto@h/f',
    'mysql://ana:s3creto@h/f',
    'postgres:ana:s3creto@h/f',
  ]) {
    try {
      configured(url);
      t.fail(url);
    } catch (error) {
      t.ok(error instanceof UsageError, url);
      t.notMatch((error as Error).message, /s3creto/);
    }
  }
  t.notMatch(describeTarget(configured('mssql://ana:s3creto@h/f')), /ana|s3creto/);
  t.equal(describeTarget(configured('postgres://ana:s3creto@h/f')), 'PostgreSQL h:5432/f');
  t.equal(describeTarget(configured(String.raw`mssql://ana:s@h\I/f`)), String.raw`SQL Server h\I/f`);
  t.end();
});

await t.test('a password from a prompt', (t) => {
  const target = configured('mssql://ana@h/f');
  t.ok(needsPassword(target));
  t.notOk(needsPassword(withPassword(target, 'x')));
  t.match(withPassword(target, 'x'), { authentication: { user: 'ana', password: 'x' } });
  t.match(withPassword(configured('postgres://ana@h/f'), 'x'), { password: 'x' });
  t.notOk(needsPassword(configured('embedded:')));
  t.end();
});
