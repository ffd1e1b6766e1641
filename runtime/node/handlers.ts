import type { Container, HTTPGetAction, IntOrString } from '../../generated/core/v1/types.ts';

/** Stands in messages for the pod's address, which the plans of a template do not know. No object can hold this character. */
export const HOST = '\u0000';

/** The message of one pod. An IPv6 address stands in brackets, as before a port. */
export function messageOf(message: string, podIp: string): string {
  if (!message.includes(HOST)) return message;
  return message.replaceAll(HOST, podIp.includes(':') ? `[${podIp}]` : podIp);
}

/** A port by its number or by its name among the container's ports, or why there is none, in the kubelet's words. */
export function portOf(
  port: IntOrString,
  { ports = [] }: Container,
): { readonly number: number } | { readonly wrong: string } {
  const named = typeof port === 'string' ? ports.find(({ name }) => name === port) : undefined;
  if (typeof port === 'string' && !named && !/^[+-]?\d+$/.test(port))
    return { wrong: `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax` };
  const number = named?.containerPort ?? Number(port);
  return number > 0 && number < 65_536
    ? { number }
    : { wrong: `invalid port number: ${String(number)}` };
}

/** The URL of an HTTP request, as events print it. */
export function urlOf({ host, path = '/', scheme = 'HTTP' }: HTTPGetAction, port: number): string {
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return `${scheme.toLowerCase()}://${host || HOST}:${port}${rooted}`;
}

/** What a client says that finds nobody listening. */
export function refused(host: string | undefined, port: number): string {
  return `dial tcp ${host || HOST}:${port}: connect: connection refused`;
}
