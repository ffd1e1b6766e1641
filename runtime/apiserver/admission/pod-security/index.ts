/**
 * PodSecurity: holds pods to the Pod Security Standards that their namespace asks for by its labels, `enforce` by refusing, `warn` by
 * telling the client. `audit` has nobody to tell here: its labels are checked and nothing follows.
 *
 * `policy.ts` reads labels, `baseline.ts` and `restricted.ts` are the checks, each with the versions that changed it, `evaluate.ts` asks
 * those of one level and version and puts their words together, `namespaces.ts` looks at what is there already. All pure over specs,
 * and what is found of a spec is remembered with it: the pods of one template are looked at once. Kinds that carry a template are
 * warned of, never refused: it is the pods that count.
 */
import type { Namespace, Pod, PodSpec } from '../../../../generated/core/v1/types.ts';
import { forbidden, type KubeObject, type ObjectMeta, valueAt } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { about } from '../../kind.ts';
import { throwInvalid } from '../../problems.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';
import { violations } from './evaluate.ts';
import { namespaceProblems, namespaceWarnings } from './namespaces.ts';
import { type LevelVersion, levelText, policyOf } from './policy.ts';
import { isSignificantUpdate } from './updates.ts';

/** Where the kinds that make pods carry what pods are made of. */
const TEMPLATES: Readonly<Record<string, string>> = {
  'cronjobs.batch': 'spec.jobTemplate.spec.template',
  'daemonsets.apps': 'spec.template',
  'deployments.apps': 'spec.template',
  'jobs.batch': 'spec.template',
  podtemplates: 'template',
  'replicasets.apps': 'spec.template',
  replicationcontrollers: 'spec.template',
  'statefulsets.apps': 'spec.template',
};
/** Subresources of pods by which a spec can change. */
const SPEC_CHANGING = new Set([undefined, 'ephemeralcontainers', 'resize']);

export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(attributes, core) {
    const { kind, subresource, operation, object, old, name } = attributes;
    if (kind.id === 'pods') return enforce(attributes, core);
    if (kind.id !== 'namespaces' || subresource || operation === 'DELETE') return;
    throwInvalid(kind, name, namespaceProblems(object as StoredNamespace, old as StoredNamespace));
  },
  warnings(attributes, core) {
    const { kind, subresource, operation, object, old } = attributes;
    if (operation !== 'CREATE' && operation !== 'UPDATE') return NONE;
    if (kind.id === 'namespaces')
      return subresource || !old
        ? NONE
        : namespaceWarnings(object as StoredNamespace, old as StoredNamespace, core);
    const carried = carriedBy(attributes);
    return carried ? warningsOf(attributes, core, carried) : NONE;
  },
};

type StoredNamespace = Namespace & KubeObject;
type StoredPod = Pod & KubeObject;

/** A pod, or what one is made of. */
interface Carried {
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
}

const NONE: readonly string[] = [];

function enforce(attributes: AdmissionAttributes, core: Core): void {
  if (!isJudged(attributes)) return;
  const { kind, name, namespace, object } = attributes;
  const level = policyIn(core, namespace)?.enforce;
  const { spec, metadata } = object as StoredPod;
  if (!level || level.level === 'privileged' || !spec) return;
  const { details } = violations(level, metadata, spec);
  if (details !== '')
    throw forbidden(about(kind, name), `violates PodSecurity ${quoted(level)}: ${details}`);
}

function isJudged({ operation, subresource, object, old }: AdmissionAttributes): boolean {
  if (!SPEC_CHANGING.has(subresource)) return false;
  if (operation === 'CREATE') return true;
  return operation === 'UPDATE' && isSignificantUpdate(object as StoredPod, old as StoredPod);
}

function carriedBy(attributes: AdmissionAttributes): Carried | undefined {
  const { kind, subresource, object } = attributes;
  if (kind.id === 'pods') return isJudged(attributes) ? (object as StoredPod) : undefined;
  const path = TEMPLATES[kind.id];
  return path && !subresource ? (valueAt(object, path) as Carried | undefined) : undefined;
}

function warningsOf(
  { namespace }: AdmissionAttributes,
  core: Core,
  { metadata = {}, spec }: Carried,
): readonly string[] {
  const level = policyIn(core, namespace)?.warn;
  if (!level || level.level === 'privileged' || !spec) return NONE;
  const { details } = violations(level, metadata, spec);
  return details === '' ? NONE : [`would violate PodSecurity ${quoted(level)}: ${details}`];
}

function policyIn(core: Core, namespace = '') {
  const found = core.object('namespaces', namespace);
  return found && policyOf(found.metadata.labels).policy;
}

const quoted = (level: LevelVersion): string => JSON.stringify(levelText(level));
