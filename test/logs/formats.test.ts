import t from 'tap';

import { knownFormats } from '../../runner/logs/formats.js';
import type { TimestampFormat } from '../../runner/logs/formats.js';
import { seeded } from '../../runner/load/random.js';
import { Moment } from '../../runner/logs/moment.js';
import { compileFormat } from '../../runner/logs/strftime.js';
import { written } from './support.js';

/** What a line's timestamp is: its text and its instant; null when the line begins otherwise. */
function read(line: string, format: TimestampFormat = knownFormats, mtimeMs = written) {
  const text = Buffer.from(line);
  const bytes = Buffer.concat([text, Buffer.alloc(256)]);
  const moment = new Moment();
  const behind = format.first[bytes[0] ?? 0] === 1 ? format.read(bytes, 0, text.length, moment) : -1;
  if (behind < 0) return null;
  return [text.subarray(0, behind).toString(), moment.instant(mtimeMs)?.toISOString() ?? 'no instant'];
}

const noon = '2024-01-02T12:00:00.000Z';

t.test('timestamps that are known', (t) => {
  const cases: readonly (readonly [string, string])[] = [
    // ISO 8601 and its neighbours
    ['2024-01-02T12:00:00Z', noon],
    ['2024-01-02t12:00:00z', noon],
    ['2024-01-02 12:00:00', noon],
    ['2024-01-02 12:00', noon],
    ['2024/01/02 12:00:00', noon],
    ['2024-01-02T12:00:00.123456789Z', '2024-01-02T12:00:00.123Z'],
    ['2024-01-02 12:00:00.5', '2024-01-02T12:00:00.500Z'],
    ['2024-01-02T12:00:00+02:00', '2024-01-02T10:00:00.000Z'],
    ['2024-01-02T12:00:00.1-0330', '2024-01-02T15:30:00.100Z'],
    ['2024-01-02 12:00:00.123+02', '2024-01-02T10:00:00.123Z'],
    ['2024-01-02 12:00:00 -0300', '2024-01-02T15:00:00.000Z'],
    ['2024-01-02 3:04:05', '2024-01-02T03:04:05.000Z'],
    ['[2024-01-02T12:00:00.000+00:00]', noon],
    // log4j, Java, Tomcat, Apache
    ['2024-01-02 12:00:00,123', '2024-01-02T12:00:00.123Z'],
    ['[2024-01-02 12:00:00,123]', '2024-01-02T12:00:00.123Z'],
    ['02 Jan 2024 12:00:00,123', '2024-01-02T12:00:00.123Z'],
    ['02-Jan-2024 12:00:00.123', '2024-01-02T12:00:00.123Z'],
    ['[02/Jan/2024:12:00:00 +0100]', '2024-01-02T11:00:00.000Z'],
    ['Jan 02, 2024 3:04:05 PM', '2024-01-02T15:04:05.000Z'],
    ['Jan 02, 2024 12:04:05 AM', '2024-01-02T00:04:05.000Z'],
    ['[Tue Jan 02 12:00:00.123456 2024]', '2024-01-02T12:00:00.123Z'],
    // syslog
    ['Jan  2 12:00:00', noon],
    ['Jan 2 12:00:00', noon],
    ['Jan 02 2024 12:00:00', noon],
    ['<34>Jan  2 12:00:00', noon],
    ['<34>2024-01-02T12:00:00Z', noon],
    ['<191>1 2024-01-02T12:00:00.000Z', noon],
    // dates without an instant
    ['<34>1 -', 'no instant'],
    ['2024-02-30 12:00:00', 'no instant'],
    ['0000-01-01 12:00:00', 'no instant'],
  ];
  for (const [stamp, instant] of cases) {
    for (const behind of [' ERROR', '\n', '\r\n', ': x', '|', ' ñ'])
      if (stamp !== '<34>1 -' || behind.startsWith(' '))
        t.same(read(`${stamp}${behind}`), [stamp, instant], `${stamp}${JSON.stringify(behind)}`);
  }
  t.end();
});

t.test('what only looks like one', (t) => {
  const lines = [
    '',
    ' 2024-01-02 12:00:00 indented',
    '2024-01-02 without a time',
    '2024-01-02',
    '2024-13-02 12:00:00 no month',
    '2024-00-02 12:00:00 no month',
    '2024-01-32 12:00:00 no day',
    '2024-01-02 24:00:00 no hour',
    '2024-01-02 12:60:00 no minute',
    '2024-01-02 12:00:61 no second',
    '2024-01-02 12:00:001 x',
    '2024-01-02 12:00:00x',
    '2024-01/02 12:00:00 two separators',
    '20240102 120000 x',
    '12:00:00,123 x',
    'Jan 2 12:00 a file listing',
    'Jan 32 12:00:00 x',
    'January 2 12:00:00 x',
    'Jim  2 12:00:00 x',
    '02-Jim-2024 12:00:00 x',
    '02-Jan-24 12:00:00 x',
    '<192>1 2024-01-02T12:00:00Z x',
    '<>1 2024-01-02T12:00:00Z x',
    '<34>1 -\n',
    '<34>hello',
    '[main] 2024-01-02 12:00:00 x',
    '[ 2024-01-02 12:00:00] x',
    '[Tue Jan 02 12:00:00 2024 x',
    '127.0.0.1 - - [02/Jan/2024:12:00:00 +0000] x',
    '\tat java.lang.Thread.run',
    'Caused by: x',
    '9999',
  ];
  for (const line of lines) t.equal(read(line), null, JSON.stringify(line));
  t.end();
});

t.test('the end of what was written may cut a timestamp: it is none until more follows', (t) => {
  const line = '2024-01-02 12:00:00,123 ERROR';
  for (let length = 0; length < line.length; length += 1) {
    const found = read(line.slice(0, length));
    if (found === null) t.ok(length <= 23, `nothing in ${length} characters`);
    else t.same(found[0], '2024-01-02 12:00:00,123'.slice(0, found[0]?.length), `${length} characters`);
  }
  for (const whole of [
    '2024-01-02 12:00:00',
    'Jan  2 12:00:00',
    '<34>1 2024-01-02T12:00:00Z',
    '[2024-01-02 12:00:00',
  ])
    t.equal(read(whole), null, whole);
  // what more is written may not take it back, or a block that ended there would go on
  const random = seeded(7);
  const alphabet = '0129:., +-ZTx]AMp\n';
  for (let round = 0; round < 20_000; round += 1) {
    const start = ['2024-01-02 12:00', '2024-01-02 12:00:00', 'Jan  2 12:00:00', '[2024-01-02 12:00:00,1'];
    let grown = start[round % start.length] ?? '';
    while (grown.length < 34) grown += alphabet[random.between(0, alphabet.length - 1)] ?? '';
    const lengths = Array.from({ length: 20 }, (_unused, i) => grown.length - 19 + i);
    const seen = lengths.map((length) => read(grown.slice(0, length)) !== null);
    if (seen.lastIndexOf(false) > seen.indexOf(true) && seen.includes(true)) t.fail(JSON.stringify(grown));
  }
  t.end();
});

t.test('a year that is missing', (t) => {
  const at = (line: string, mtime: string) => read(`${line} host x`, knownFormats, Date.parse(mtime))?.[1];
  t.equal(at('Dec 31 23:59:59', '2024-01-03T00:00:00Z'), '2023-12-31T23:59:59.000Z', 'over New Year');
  t.equal(at('Jan  1 00:00:00', '2024-01-03T00:00:00Z'), '2024-01-01T00:00:00.000Z');
  t.equal(at('Jan  4 00:00:00', '2024-01-03T00:00:00Z'), '2024-01-04T00:00:00.000Z', 'a day for zones');
  t.equal(at('Jan  4 00:00:01', '2024-01-03T00:00:00Z'), '2023-01-04T00:00:01.000Z');
  t.equal(
    at('Jan  1 05:00:00', '2023-12-31T23:00:00Z'),
    '2024-01-01T05:00:00.000Z',
    'written before New Year, UTC',
  );
  t.equal(at('Feb 29 00:00:00', '2023-06-01T00:00:00Z'), '2020-02-29T00:00:00.000Z', 'the last leap year');
  t.equal(at('Feb 29 00:00:00', '1903-06-01T00:00:00Z'), '1896-02-29T00:00:00.000Z', 'eight years apart');
  t.equal(at('Feb 30 00:00:00', '2023-06-01T00:00:00Z'), 'no instant');
  t.end();
});

t.test('--format', (t) => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['%d/%m/%Y %H:%M:%S', '02/01/2024 12:00:00', ' ERROR', noon],
    ['%d/%m/%Y %H:%M:%S', '2/1/2024  12:00:00', ' ERROR', noon],
    ['%m/%d/%y %I:%M:%S %p', '01/02/24 03:04:05 pm', ' x', '2024-01-02T15:04:05.000Z'],
    ['%D %r', '01/02/70 12:00:00 AM', ' x', '1970-01-02T00:00:00.000Z'],
    ['%F %T.%f', '2024-01-02 12:00:00.123456', ' x', '2024-01-02T12:00:00.123Z'],
    ['%Y%m%d-%H%M%S', '20240102-120000', '|x', noon],
    ['[%d.%m.%Y %R]', '[02.01.2024 12:00]', 'x', noon],
    ['%a, %e %b %Y %H:%M:%S %z', 'Tue,  2 Jan 2024 12:00:00 +0100', ' x', '2024-01-02T11:00:00.000Z'],
    ['%A %d %B %Y %H:%M:%S %Z', 'Tuesday 02 January 2024 12:00:00 UTC', ' x', noon],
    ['%Y-%j %T%z', '2024-002 12:00:00Z', ' x', noon],
    ['%s.%L', '1704196800.250', ' x', '2024-01-02T12:00:00.250Z'],
    ['%H:%M:%S', '12:00:00', ' x', 'no instant'],
    ['%b %d %H:%M', 'Dec 31 12:00', ' x', '2023-12-31T12:00:00.000Z'],
    ['día %-d de %B de %Y, %H:%M', 'día 2 de january de 2024, 12:00', ' x', noon],
    ['%%%Y-%m-%d', '%2024-01-02', ' x', '2024-01-02T00:00:00.000Z'],
    ['%d/%m/%Y', '31/02/2024', ' x', 'no instant'],
  ];
  for (const [format, stamp, behind, instant] of cases)
    t.same(read(`${stamp}${behind}`, compileFormat(format)), [stamp, instant], format);
  const dayFirst = compileFormat('%d/%m/%Y %H:%M:%S');
  for (const line of [
    '2024-01-02 12:00:00 x', // a format replaces the known ones
    '02/13/2024 12:00:00 x',
    '32/01/2024 12:00:00 x',
    '02/01/24 12:00:00 x',
    '02/01/2024T12:00:00 x',
    '02/01/2024 12:00:00',
    '02/01/2024 12:00:001 x',
    'x 02/01/2024 12:00:00 x',
  ])
    t.equal(read(line, dayFirst), null, line);
  t.equal(read('[02.01.2024 12:0', compileFormat('[%d.%m.%Y %H:%M]')), null, 'cut before its literal end');
  t.end();
});

t.test('--format that is wrong', (t) => {
  for (const [format, message] of [
    ['%Q', /--format: '%Q' is no directive; there are %Y .*%F %T/],
    ['%Y %', /'%' is no directive/],
    ['', /has no part of a date or time/],
    ['plain', /has no part of a date or time/],
    ['%%', /has no part of a date or time/],
  ] as const)
    t.throws(() => compileFormat(format), { name: 'UsageError', message }, format);
  t.end();
});
