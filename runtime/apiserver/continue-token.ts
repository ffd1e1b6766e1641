import { badRequest } from '../meta/index.ts';

/** Where a list goes on: after a key, as of a revision; as of now where the revision is negative. */
export interface Continuation {
  readonly revision: number;
  /** The first key that may come. */
  readonly start: string;
}

/** As of now: of a list whose revision is gone. */
export const INCONSISTENT = -1;
const VERSION = 'meta.k8s.io/v1';

/** The token that clients send back; its form is Kubernetes' own. */
export function continueToken({ revision, start }: Continuation): string {
  const text = JSON.stringify({ v: VERSION, rv: revision, start });
  return Buffer.from(text).toString('base64url');
}

/** What a token stands for; a 400 for one that no server of this kind gave. */
export function readContinueToken(token: string): Continuation {
  const { v, rv, start } = parsed(token);
  if (v !== VERSION) throw invalidToken(`server does not recognize this encoded version "${v}"`);
  if (!Number.isInteger(rv) || rv === 0)
    throw invalidToken(`incorrect encoded start resourceVersion (version ${VERSION})`);
  if (typeof start !== 'string' || start === '')
    throw invalidToken(`encoded start key empty (version ${VERSION})`);
  if (start.split('/').some((step) => step === '..' || step === '.')) throw invalidToken(start);
  return { revision: rv as number, start };
}

function parsed(token: string): { v?: unknown; rv?: unknown; start?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the refusal.
  }
  throw invalidToken('it is no encoded object');
}

function invalidToken(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}
