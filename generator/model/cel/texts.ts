import type { Environment } from '@marcbachmann/cel-js';

/** Functions over texts, and `jsonpatch.escapeKey`. */
export function addTexts(environment: Environment): void {
  environment.registerFunction(
    'string.replace(string, string): string',
    (text: string, from: string, to: string) => text.replaceAll(from, () => to),
  );
  environment.registerFunction('string.charAt(int): string', (text: string, at: bigint) => {
    const letters = [...text];
    if (at < 0n || at > BigInt(letters.length)) throw new Error(`index out of range: ${at}`);
    return letters[Number(at)] ?? '';
  });
  environment.registerFunction(
    'string.find(string): string',
    (text: string, pattern: string) => expression(pattern).exec(text)?.[0] ?? '',
  );
  environment.registerFunction(
    'string.findAll(string): list<string>',
    (text: string, pattern: string) => text.match(expression(pattern, 'g')) ?? [],
  );
  environment.registerFunction('string.format(list): string', formatted);
  environment.registerFunction('Library.escapeKey(string): string', (_: unknown, key: string) =>
    key.replaceAll('~', '~0').replaceAll('/', '~1'),
  );
}

/** Unicode's mode refuses escapes that RE2 takes, such as `\-`. */
function expression(pattern: string, flags = ''): RegExp {
  try {
    return new RegExp(pattern, `${flags}u`);
  } catch {
    return new RegExp(pattern, flags);
  }
}

/** `%s`, `%d` and `%%` of a text. */
function formatted(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%([sd%])/g, (_, verb: string) => {
    if (verb === '%') return '%';
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    return String(values[next++]);
  });
}
