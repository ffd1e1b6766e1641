import stringWidth from 'string-width';

/** Rows under a header in columns as wide as their content, three spaces apart as kubectl prints them. Ends in a newline. */
export function columns(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, at) => Math.max(...all.map((row) => stringWidth(row[at] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell + ' '.repeat(widths[at]! - stringWidth(cell)))
      .join('   ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}
