import t from 'tap';

import { signatureOf } from '../../runner/logs/signature.js';

t.test('what differs from one message to the next is masked', (t) => {
  const cases: readonly (readonly [string, string])[] = [
    [' [exec-12] ERROR a.B - fund 7 took 1,234.5 ms', '[exec-<n>] ERROR a.B - fund <n> took <n> ms'],
    ['id 123e4567-e89b-12d3-a456-426614174000, 123E4567-E89B-12D3-A456-426614174000', 'id <uuid>, <uuid>'],
    ['from 10.0.0.1:5432 to 255.255.255.255', 'from <ip>:<n> to <ip>'],
    ['from fe80::1 and ::1, [2001:db8::ff00:42:8329]:80', 'from <ip> and <ip>, [<ip>]:<n>'],
    ['at 12:00:00 in std::vector and :: alone', 'at <n>:<n>:<n> in std::vector and :: alone'],
    ['pointer 0xDEADbeef, commit 3a61dc9f, deadbeef, cafe', 'pointer <hex>, commit <hex>, deadbeef, cafe'],
    ['user \'42\' in "7" versions 1.2.3.4.5', 'user \'<n>\' in "<n>" versions <n>'],
    ['Thread_9 x64 ñ7', 'Thread_<n> x<n> ñ<n>'],
    ['  two\t spaces \r\n', 'two spaces'],
    ['', ''],
  ];
  for (const [message, signature] of cases) t.equal(signatureOf(message), signature, message);
  t.end();
});

t.test('400 characters, none of them cut', (t) => {
  t.equal(signatureOf('x'.repeat(500)).length, 400);
  t.equal(signatureOf('x'.repeat(400)).length, 400);
  t.equal(signatureOf(`${'x'.repeat(399)}🙂`), 'x'.repeat(399));
  t.equal(signatureOf(`${'x'.repeat(398)}🙂y`), `${'x'.repeat(398)}🙂`);
  t.end();
});
