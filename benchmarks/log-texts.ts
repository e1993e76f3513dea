import type { Random } from '../runner/load/random.js';

const tables = ['homol.IPA', 'extract.CAPM', 'staging.IPA_Final', 'logs.Ejecuciones', 'trabajo.Chunks'];
const classes = [
  'java.lang.NullPointerException',
  'java.sql.SQLTransactionRollbackException',
  'java.util.concurrent.TimeoutException',
  'org.springframework.dao.DataAccessResourceFailureException',
];
const frames = [
  'com.carril.fondos.Extractor.leer',
  'com.carril.fondos.Servicio$Interno.ejecutar',
  'com.zaxxer.hikari.pool.HikariProxyPreparedStatement.executeQuery',
  'java.base/java.util.concurrent.ThreadPoolExecutor.runWorker',
  'jdk.internal.reflect.GeneratedMethodAccessor.invoke',
];

function pick<T>(random: Random, list: readonly [T, ...T[]] | readonly T[]): T {
  return list[random.between(0, list.length - 1)] as T;
}

function hex(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += random.between(0, 0xffff).toString(16).padStart(4, '0');
  return text.slice(0, length);
}

function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => hex(random, length)).join('-');
}

/** What a line says: about 60 characters, some of them beyond ASCII. */
export function messageOf(random: Random): string {
  const number = random.between(1, 99_999);
  switch (random.between(1, 10)) {
    case 1:
      return `${number} rows of ${pick(random, tables)} read in ${random.between(1, 900)} ms, request ${uuid(random)}`;
    case 2:
      return `Señal de conexión recuperada desde 10.0.${random.between(0, 255)}.${random.between(1, 254)}:${number}, año ${random.between(2000, 2024)} — válida`;
    case 3:
      return `session 0x${hex(random, 12)} opened for user 'fondos${random.between(1, 50)}' (attempt ${random.between(1, 3)})`;
    case 4:
      return `価格を更新しました 🙂 ${number} → ${random.between(1, 99)}.${random.between(10, 99)} €`;
    case 5:
      return `GET /api/fondos/${number}/resumen 200 ${random.between(1, 400)}ms ${hex(random, 32)}`;
    default:
      return `fund ${random.between(1, 50)} step ${random.between(1, 7)} of 7 done: ${number} lines, ${random.between(1, 100)} pending, weight ${random.between(1, 100)}.${random.between(10, 99)}`;
  }
}

/** Messages that look like what they are not. */
export function trap(random: Random, moment: number): string {
  const iso = new Date(moment - random.between(1000, 90_000)).toISOString();
  switch (random.between(1, 3)) {
    case 1:
      return `retry of the ERROR at ${iso} FATAL=0`;
    case 2:
      return `${iso} [main] ERROR quoted from another log`;
    default:
      return `0 ERRORs, ERROR_COUNT=0, last error: none`;
  }
}

/** Lines below a warning. */
export function warningDetails(random: Random): string[] {
  const details = [
    `  waiting for ${pick(random, tables)}`,
    `  holder: 10.0.0.${random.between(1, 254)}`,
    'ERROR is what this would be after 3 more attempts',
    '12:30 was the last success',
    `[ 2024-01-02 is not the beginning of an entry ]`,
  ];
  return details.slice(0, random.between(1, details.length));
}

/** 5 to 40 lines. */
export function javaTrace(random: Random): string[] {
  const lines = [`${pick(random, classes)}: cannot read ${pick(random, tables)}`];
  const total = random.between(5, 40);
  while (lines.length < total) {
    const left = total - lines.length;
    const count = Math.min(left, random.between(2, 15));
    for (let i = 1; i < count; i += 1)
      lines.push(`\tat ${pick(random, frames)}(Source.java:${random.between(10, 900)})`);
    if (lines.length < total)
      lines.push(
        random.percent(50)
          ? `Caused by: ${pick(random, classes)}: conexión cerrada por ERROR ${random.between(1, 9999)}`
          : `\t... ${random.between(3, 40)} more`,
      );
  }
  return lines;
}

/** 5 to 40 lines. */
export function pythonTrace(random: Random): string[] {
  const lines = ['Traceback (most recent call last):'];
  for (let i = random.between(1, 18); i > 0; i -= 1) {
    lines.push(
      `  File "/opt/carril/filtro_${random.between(1, 9)}.py", line ${random.between(1, 900)}, in extraer_bloques`,
      `    bloque = leer(ruta, inicio=${random.between(1, 99_999)})  # ERROR si no está`,
    );
  }
  lines.push('', `ValueError: invalid literal for int() with base 10: 'año ${random.between(1, 99)}'`);
  return lines;
}
