/** A bearer token, and whose it is. */
export interface FixedToken {
  readonly token: string;
  readonly user: {
    readonly name: string;
    readonly groups: readonly string[];
    readonly uid?: string;
  };
}

/**
 * The tokens of a file as kube-apiserver takes it by `--token-auth-file`: comma-separated values, a token a line, with the name of
 * its user, his uid, and, quoted if there are several, his groups. Throws where a line says too little.
 */
export function readTokens(text: string): readonly FixedToken[] {
  return text
    .split(/\r?\n/)
    .map((line, at) => ({ line: line.trim(), number: at + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => tokenOf(fieldsOf(line), number));
}

function tokenOf(
  [token = '', name, uid, groups = '']: readonly string[],
  number: number,
): FixedToken {
  if (token === '' || name === undefined || uid === undefined)
    throw new Error(`line ${number} must have a token, a user name and a uid`);
  const user = { name, groups: groups.split(',').filter((group) => group !== '') };
  return { token, user: uid === '' ? user : { ...user, uid } };
}

/** The fields of a line; in a quoted one commas are text, and a quote is doubled. */
function fieldsOf(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!.trim());
}
