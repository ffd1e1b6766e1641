import type { Pod, PodSpec } from '../../../../generated/core/v1/types.ts';
import { type KubeObject, type ObjectMeta, valueAt } from '../../../meta/index.ts';
import { podSpecWarnings } from './pod-spec.ts';

const NONE: readonly string[] = [];
const NO_META: ObjectMeta = {};

interface Template {
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
}

/** Warnings of a pod, as far as they are new. */
export function podWarnings(object: KubeObject, old: KubeObject | undefined): readonly string[] {
  return templateOf('', object as KubeObject & Pod, old as Template | undefined);
}

/** The same of a template at a path of an object. */
export function templateWarnings(
  object: KubeObject,
  old: KubeObject | undefined,
  path: string,
): readonly string[] {
  const before = old && (valueAt(old, path) as Template | undefined);
  return templateOf(`${path}.`, valueAt(object, path) as Template | undefined, before);
}

function templateOf(
  prefix: string,
  { metadata = NO_META, spec }: Template = {},
  old: Template | undefined,
): readonly string[] {
  const ofSpec = spec && spec !== old?.spec ? podSpecWarnings(spec) : NONE;
  const isNewNote = metadata.annotations !== old?.metadata?.annotations;
  const ofNotes = isNewNote ? annotationWarnings(metadata, old?.metadata) : NONE;
  if (ofSpec.length + ofNotes.length === 0) return NONE;
  return [...ofNotes, ...ofSpec].map((text) => prefix + text);
}

/** Annotations that went out of use, by how they begin, and what is to be said. */
const FORMER: readonly (readonly [start: string, what: string])[] = [
  [
    'scheduler.alpha.kubernetes.io/critical-pod',
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  [
    'security.alpha.kubernetes.io/sysctls',
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
  [
    'security.alpha.kubernetes.io/unsafe-sysctls',
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
  [
    'seccomp.security.alpha.kubernetes.io/pod',
    'non-functional in v1.27+; use the "seccompProfile" field instead',
  ],
  [
    'container.seccomp.security.alpha.kubernetes.io/',
    'non-functional in v1.27+; use the "seccompProfile" field instead',
  ],
  [
    'container.apparmor.security.beta.kubernetes.io/',
    'deprecated since v1.30; use the "appArmorProfile" field instead',
  ],
];

function annotationWarnings(
  { annotations = {} }: ObjectMeta,
  old: ObjectMeta | undefined,
): readonly string[] {
  const keys = Object.keys(annotations).filter(
    (key) => key.includes('alpha') || key.includes('beta'),
  );
  return keys.flatMap((key) => {
    const [, what] = FORMER.find(([start]) => key.startsWith(start)) ?? [];
    if (what === undefined || old?.annotations?.[key] === annotations[key]) return [];
    return [`metadata.annotations[${key}]: ${what}`];
  });
}
