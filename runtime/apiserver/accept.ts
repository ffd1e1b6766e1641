/** One clause of an Accept header: `application/json;as=Table;v=v1;q=0.9`. */
export interface MediaRange {
  /** `application/json`, lower case; `*` may stand for either half. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

/** The clauses, best first; of equal quality the first written first. No header takes everything. */
export function parseAccept(header: string | undefined): MediaRange[] {
  const text = header?.trim() || '*/*';
  return text
    .split(',')
    .map(parseRange)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
}

function parseRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = Object.fromEntries(
    rest.map((part) => {
      const at = part.indexOf('=');
      const name = (at < 0 ? part : part.slice(0, at)).toLowerCase();
      return [name, at < 0 ? '' : part.slice(at + 1).replace(/^"(.*)"$/, '$1')];
    }),
  );
  const quality = Number(parameters.q ?? 1);
  return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality };
}

export function matches({ type }: MediaRange, offered: string): boolean {
  const [wantedMain, wantedSub] = type.split('/');
  const [main, sub] = offered.split('/');
  return (wantedMain === '*' || wantedMain === main) && (wantedSub === '*' || wantedSub === sub);
}

/** The first of the offered types that the best clause takes. */
export function acceptedOf(
  header: string | undefined,
  offered: readonly string[],
): string | undefined {
  for (const range of parseAccept(header)) {
    const found = offered.find((type) => matches(range, type));
    if (found) return found;
  }
  return undefined;
}
