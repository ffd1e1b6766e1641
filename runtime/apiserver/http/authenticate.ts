import type { User } from '../../meta/index.ts';
import { ANONYMOUS } from '../authentication/index.ts';
import type { ApiServer } from '../server.ts';
import type { Incoming } from './body.ts';
import { certificateUser } from './client-certificate.ts';

/** By the certificate of the connection, else by a token; nobody with neither, undefined with a wrong one. */
export function authenticate(server: ApiServer, incoming: Incoming): User | undefined {
  const certified = certificateUser(incoming);
  if (certified && certified !== 'refused') return certified;
  const header = incoming.headers.authorization;
  if (!header) return certified === 'refused' ? undefined : ANONYMOUS;
  const [, token] = /^Bearer\s+(\S+)\s*$/i.exec(header) ?? [];
  return token === undefined ? undefined : server.authenticator.authenticate(token)?.user;
}
