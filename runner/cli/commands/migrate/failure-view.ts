import type { Failure } from '../../../../migrator/index.js';

/** A failure in two lines: what, when and by whom; then how. */
export function failureLines(failure: Failure): string[] {
  const { name, part, at, user, host, message, statement, text } = failure;
  const what = part === 'procedure' ? name : `${name} (${part})`;
  const begins = text?.split('\n')[0];
  return [
    `failed: ${what}, ${at.toISOString()}, by ${user}@${host}`,
    `  ${message}`,
    ...(statement === undefined ? [] : [`  statement ${statement}: ${begins ?? ''}`]),
  ];
}

export function failureDocument(failure: Failure): unknown {
  return {
    part: failure.part,
    number: failure.number ?? null,
    name: failure.name,
    file: failure.file,
    statement: failure.statement ?? null,
    text: failure.text ?? null,
    line: failure.line ?? null,
    column: failure.column ?? null,
    error_number: failure.errorNumber,
    sql_state: failure.sqlState ?? null,
    message: failure.message,
    duration_ms: failure.durationMs,
    at: failure.at,
    user: failure.user,
    login: failure.login,
    host: failure.host,
    version: failure.version,
  };
}
