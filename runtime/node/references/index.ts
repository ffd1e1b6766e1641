/**
 * What pods refer to: ConfigMaps, Secrets and claims, without which their volumes cannot be set up or their containers not be made.
 *
 * Invariant: problems are read from the listers when a kubelet looks, and never remembered as facts; only when it looks again is
 * (`Mounting`, in the pod's record). A pod whose volumes were set up once keeps them, whatever becomes of what they came from.
 *
 * What a container finds in its variables and in volumes made of objects follows from the same listers (`values.ts`, `contents.ts`). Tokens
 * of service accounts are asked for (`tokens.ts`), where a program can read them, and are in the pod's record.
 *
 * Who may call: the pod worker. Left out: paths of the host.
 */
export { contentsOf } from './contents.ts';
export { environmentProblem } from './environment.ts';
export { fieldText, type PodPlace } from './fields.ts';
export { type Mounting, mounting, pullSecretsMessage } from './mounting.ts';
export { BY_CONTENT, contentKey, contentKeys } from './readers.ts';
export { type References, referencesOf } from './references.ts';
export { fetchTokens, type PodTokens, renewalMs, wantsTokens } from './tokens.ts';
export { environmentOf } from './values.ts';
export { type VolumeProblem, volumeProblems } from './volumes.ts';
