/**
 * What pods refer to: ConfigMaps, Secrets and claims, without which their volumes cannot be set up or their containers not be made.
 *
 * Invariant: problems are read from the listers when a kubelet looks, and never remembered as facts; only when it looks again is
 * (`Mounting`, in the pod's record). A pod whose volumes were set up once keeps them, whatever becomes of what they came from.
 *
 * Who may call: the pod worker. Left out: what is in a volume or a variable; paths of the host.
 */
export { environmentProblem } from './environment.ts';
export { type Mounting, mounting, pullSecretsMessage } from './mounting.ts';
export { type References, referencesOf } from './references.ts';
export { type VolumeProblem, volumeProblems } from './volumes.ts';
