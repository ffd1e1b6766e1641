/**
 * What containers do whose command is known: a table of programs and what becomes of them in a pod.
 *
 * `images.ts` says what an image runs and has, `commands/`, `shell/` and `agnhost/` are the programs, `files/` what they read and write,
 * `site.ts` what a container finds (its privileges in `security.ts`, files of its node in `host-files.ts`, its control group in
 * `cgroup-mount.ts`). `replay/` makes of a pod's history (`history.ts`) what its programs have done and will do.
 *
 * Invariant: nothing here is state. Who keeps the history has it all.
 */

export { CGROUPS_AT, cgroupVolume } from './cgroup-mount.ts';
export type {
  AnswerInput,
  CommandInput,
  FilesInput,
  MadeFile,
  PodHistory,
  RequestInput,
  RunInput,
} from './history.ts';
export { NODE_HOSTS } from './host-files.ts';
export { argvOf, type ImageProgram, imageProgram, imageUser, isKnownRun } from './images.ts';
export type { ServedAnswer, Server } from './machine.ts';
export type { Answer, Answerer, Call, NameRecord } from './network/calls.ts';
export { ECHO, REFUSED, SILENT } from './network/calls.ts';
export { bytesOf, type Typed, textOf } from './process.ts';
export {
  type CommandOutcome,
  type Finding,
  type OpenCall,
  type Outcome,
  type ProbeKind,
  Replay,
  type RunOutcome,
  runKey,
  type ServedCall,
} from './replay/index.ts';
export { expanded, hostnameOf, type PodSite } from './site.ts';
