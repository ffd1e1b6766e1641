import type { TLSSocket } from 'node:tls';
import type { User } from '../../meta/index.ts';
import { userOfCertificate } from '../authentication/index.ts';
import type { Incoming } from './body.ts';

/** Who a connection's client certificate says it is; `refused` where it is nobody's that the authority vouches for. */
export type CertificateAnswer = User | 'refused' | undefined;

const answers = new WeakMap<object, { readonly answer: CertificateAnswer }>();

/** Looks at the certificate of a request's connection, once for all its requests. Undefined where there is none. */
export function certificateUser({ socket }: Incoming): CertificateAnswer {
  let known = answers.get(socket);
  if (!known) {
    known = { answer: look(socket as TLSSocket) };
    answers.set(socket, known);
  }
  return known.answer;
}

function look(socket: TLSSocket): CertificateAnswer {
  // A request without a connection of its own, as tests make them, has none.
  const subject = socket.getPeerCertificate?.()?.subject as Subject | undefined;
  if (!subject) return undefined;
  const { CN = '', O = [] } = subject;
  if (!socket.authorized || typeof CN !== 'string' || CN === '') return 'refused';
  return userOfCertificate(CN, typeof O === 'string' ? [O] : O);
}

interface Subject {
  readonly CN?: string | readonly string[];
  readonly O?: string | readonly string[];
}
