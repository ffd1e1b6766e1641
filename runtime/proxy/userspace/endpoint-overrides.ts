import { isIP } from 'node:net';
import { rangeContains } from '../model/index.ts';
import type { HostPort } from './proxy-socket.ts';

interface Override {
  readonly matches: (ip: string, port: number) => boolean;
  readonly host: string;
  /** The endpoint's own when absent. */
  readonly port: number | undefined;
}

/**
 * Where endpoints really are: `from=to`, several with commas. `from` is `ip:port`, `ip` or `ip/bits`; `to` is a host with or
 * without a port. The first that matches counts; an endpoint that none matches is where it says. Throws an Error that
 * names the part that cannot be read.
 */
export function endpointLocator(text: string): (endpoint: string) => HostPort {
  const overrides = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parse);
  return (endpoint) => {
    const { host: ip, port = 0 } = split(endpoint)!;
    const found = overrides.find(({ matches }) => matches(ip, port));
    return { host: found?.host ?? ip, port: found?.port ?? port };
  };
}

function parse(part: string): Override {
  const [from = '', to = '', ...rest] = part.split('=');
  const target = split(to);
  const matches = matcher(from);
  if (!matches || !target || target.host === '' || rest.length > 0)
    throw new Error(
      `${part} must be like 10.244.1.5:8080=127.0.0.1:9000, 10.244.1.5=127.0.0.1 or 10.244.0.0/16=127.0.0.1`,
    );
  return { matches, host: target.host, port: target.port };
}

function matcher(from: string): Override['matches'] | undefined {
  if (/\/\d+$/.test(from)) {
    const [address = ''] = from.split('/');
    // The range holds its own first address, or it is none.
    return rangeContains(from, address) ? (ip) => rangeContains(from, ip) : undefined;
  }
  const place = split(from);
  if (!place || isIP(place.host) === 0) return undefined;
  return (ip, port) => ip === place.host && (place.port === undefined || port === place.port);
}

/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address. */
function split(text: string): { host: string; port: number | undefined } | undefined {
  if (isIP(text) === 6) return { host: text, port: undefined };
  const match = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  return { host: match[1] ?? match[2] ?? '', port };
}
