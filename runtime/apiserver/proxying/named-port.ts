/** The name of an object in the path of a proxy, with how and where to connect: `[scheme:]name[:port]`. */
export interface NamedPort {
  readonly scheme: string;
  readonly name: string;
  /** A number or the name of a port; empty where nothing is said. */
  readonly port: string;
}

const SCHEMES = new Set(['', 'http', 'https']);

/** Undefined for what is no such name. */
export function namedPort(id: string): NamedPort | undefined {
  const parts = id.toLowerCase().split(':');
  if (parts.length > 3) return undefined;
  const [scheme, name, port] = parts.length === 3 ? parts : ['', parts[0] ?? '', parts[1] ?? ''];
  return name && SCHEMES.has(scheme!) ? { scheme: scheme!, name, port: port! } : undefined;
}
