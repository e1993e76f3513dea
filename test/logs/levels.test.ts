import t from 'tap';

import { findLevel, levelAtStart } from '../../runner/logs/levels.js';

function level(line: string): string | undefined {
  const text = Buffer.from(line);
  return findLevel(Buffer.concat([text, Buffer.alloc(256)]), 0, text.length)?.name;
}

t.test('words that name a level', (t) => {
  const errors = 'ERROR SEVERE FATAL CRITICAL CRIT ALERT EMERG PANIC'.split(' ');
  const others = 'TRACE DEBUG INFO NOTICE WARN WARNING'.split(' ');
  for (const word of [...errors, ...others]) {
    for (const line of [
      ` ${word} x`,
      word,
      ` [${word}] x`,
      ` [main] ${word}: x`,
      `|${word}|x`,
      ` - ${word} - x`,
      ` [${word.toLowerCase()}] x`,
      ` [core:${word.toLowerCase()}] x`,
      ` [  main ] [${word.toLowerCase()} ] x`,
      ` host app[7]: ${word.toLowerCase()}: x`,
      ` level=${word.toLowerCase()} msg=x`,
      ` app.${word}: x`,
    ])
      t.equal(level(line), word, line);
  }
  t.equal(findLevel(Buffer.from(' WARNING'), 0, 8)?.error, false);
  t.equal(findLevel(Buffer.from(' EMERG '), 0, 7)?.error, true);
  t.end();
});

t.test('the first one decides', (t) => {
  t.equal(level(' INFO 3 of 4 in ERROR'), 'INFO');
  t.equal(level(' [main] ERROR after WARN'), 'ERROR');
  t.equal(level(' [warn] error: x'), 'WARN');
  t.equal(level(" UTC [12] STATEMENT:  SELECT 'ERROR'"), 'STATEMENT', 'what PostgreSQL quotes');
  t.equal(level(' UTC [12] ERROR:  relation "x" does not exist at character 15'), 'ERROR');
  t.end();
});

t.test('words that do not', (t) => {
  for (const line of [
    '',
    ' nothing here',
    ' error in the middle of a sentence',
    ' Error without a colon',
    ' ERRORS',
    ' XERROR',
    ' ERROR_CODE',
    ' ERROR2',
    ' $ERROR',
    ' java.lang.ERROR x',
    ' ERROR.CODE',
    ' NON-ERROR',
    ' ERROR-HANDLER',
    ' /var/ERROR/x',
    ' ÉRROR',
    ' ERRORñ',
    ' ValueError: x',
    ' java.lang.error: x',
    ' [error-handler] x',
    ' sublevel=error',
    ' LOG of things',
    ' fine: x',
    '\nERROR on the next line',
  ])
    t.equal(level(line), undefined, JSON.stringify(line));
  t.end();
});

t.test('not far from the timestamp', (t) => {
  t.equal(level(`${' '.repeat(199)}ERROR x`), 'ERROR');
  t.equal(level(`${' '.repeat(200)}ERROR x`), undefined);
  t.equal(level(`${'x'.repeat(500)} ERROR x`), undefined);
  t.end();
});

t.test("the second line of java.util.logging's", (t) => {
  const second = (line: string) => levelAtStart(Buffer.from(`${line}${'\0'.repeat(64)}`), 0, line.length);
  t.equal(second('SEVERE: x')?.name, 'SEVERE');
  t.equal(second('INFO: x')?.error, false);
  t.equal(second('severe: x'), undefined);
  t.equal(second('SEVERES: x'), undefined);
  t.equal(second('at x'), undefined);
  for (const begun of ['', 'S', 'SEV', 'SEVERE']) t.equal(second(begun), null, `${begun} may go on`);
  t.end();
});
