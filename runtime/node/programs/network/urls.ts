/** An address of the web as clients take it apart. */
export interface Url {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** With the query. */
  readonly target: string;
  /** As it is said in the `Host` header. */
  readonly named: string;
}

const URL = /^(?:(https?):\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?([/?][^#]*)?(?:#.*)?$/i;

/** Undefined for what is none. Without a scheme it is plain. */
export function urlOf(text: string): Url | undefined {
  const [, scheme = 'http', host = '', port, rest = '/'] = URL.exec(text) ?? [];
  if (host === '') return undefined;
  const secure = scheme.toLowerCase() === 'https';
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  const usual = secure ? 443 : 80;
  const number = port === undefined ? usual : Number(port);
  const named = number === usual ? host : `${host}:${number}`;
  return { secure, host, port: number, target, named };
}

/** Where a redirection leads from an address. */
export function followed(from: Url, location: string): Url | undefined {
  if (/^https?:/i.test(location)) return urlOf(location);
  const base = `${from.secure ? 'https' : 'http'}://${from.named}`;
  if (location.startsWith('/')) return urlOf(`${base}${location}`);
  const folder = from.target.split('?')[0]!.replace(/[^/]*$/, '');
  return urlOf(`${base}${folder}${location}`);
}
