import { onlineReplacement } from './online-index.js';
import type { Batch } from './splitter.js';

/**
 * A batch as a text that sp_executesql runs. `@linea` says where it begins in its file, for the error's message.
 *
 * What sqlcmd would take for itself inside a text too is cut in two: `$(name)`, and lines that begin with GO, with a colon
 * or with one of its old commands.
 */
export function executed({ text, line, count }: Batch): string {
  const quoted = text.replaceAll("'", "''");
  const cut = quoted
    .replaceAll('$(', () => "$' + N'(")
    .replaceAll(/\n[ \t]*(?=(?:go|reset|ed|quit|exit)\b|:|!!)/gi, (start) => `${start}' + N'`);
  const online = onlineReplacement(text, '@texto');
  const isConstant = cut === quoted && online === '';
  const literal = isConstant ? `N'${quoted}'` : `@texto`;
  const set = isConstant ? '' : `    SET @texto = CONVERT(nvarchar(max), N'') + N'${cut}';\n${online}`;
  const once = `    SET @linea = ${line};\n${set}    EXEC sys.sp_executesql ${literal};\n`;
  if (count === 1) return once;
  return `    SET @vez = 0;\n    WHILE @vez < ${count}\n    BEGIN\n${once}    SET @vez += 1;\n    END;\n`;
}
