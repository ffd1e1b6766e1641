/**
 * Pods: what the server fills in when one is made (`defaults.ts`, `label-keys.ts`, `qos.ts`), what of a spec may change later (`update.ts`), what of a
 * status may (`status.ts`), and how long a deletion waits. Whatever depends on the spec alone is remembered by its identity.
 */
import type { Pod } from '../../../../generated/core/v1/types.ts';
import { jsonEqual, type KubeObject } from '../../../meta/index.ts';
import { completePodSpec, podSpecProblems } from '../pod-spec/index.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';
import type { Strategy } from '../strategy.ts';
import { podDefaults } from './defaults.ts';
import { withLabelKeys } from './label-keys.ts';
import { mirrorProblems } from './mirrors.ts';
import { resizeProblems } from './resize.ts';
import { firstStatus, statusProblems } from './status.ts';
import { ephemeralProblems, updateProblems } from './update.ts';

type StoredPod = Pod & KubeObject;

export const pods: Strategy<StoredPod> = {
  indexes: { 'spec.nodeName': ({ spec }) => (spec?.nodeName ? [spec.nodeName] : NONE_FOUND) },
  fieldValues: {
    // The name that it had before there was v1.
    'spec.host': ({ spec }) => spec?.nodeName ?? '',
    'status.podIP': ({ status }) => status?.podIPs?.[0]?.ip ?? '',
    // May be asked for, but no pod has a value there: it is a list.
    'status.podIPs': () => '',
  },
  returnsDeleted: true,
  prepareCreate(pod) {
    const complete = pod.spec && podDefaults(completePodSpec(pod.spec));
    const spec = complete && withLabelKeys(complete, pod.metadata.labels);
    return { ...pod, ...(spec ? { spec } : {}), status: firstStatus(spec) };
  },
  prepareUpdate(pod, old) {
    if (!pod.spec || pod.spec === old.spec) return pod;
    const spec = podDefaults(completePodSpec(pod.spec));
    const isSame = old.spec !== undefined && jsonEqual(spec, old.spec);
    return { ...pod, spec: isSame ? old.spec : spec };
  },
  prepareStatus(pod, old) {
    const qosClass = old.status?.qosClass;
    if (!qosClass || pod.status?.qosClass) return pod;
    return { ...pod, status: { ...pod.status, qosClass } };
  },
  validate(pod, old, found, subresource) {
    const { spec, metadata } = pod;
    const cost = metadata.annotations?.[DELETION_COST];
    const own = [...(cost === undefined ? NONE : costProblems(cost)), ...mirrorProblems(pod, old)];
    if (!spec || spec === old?.spec) return own;
    const common = podSpecProblems(spec, { path: 'spec', isTemplate: false, found });
    const particular = old?.spec ? changeProblems(pod, old, subresource) : createProblems(pod);
    return own.length + common.length + particular.length === 0
      ? NONE
      : [...own, ...common, ...particular];
  },
  validateStatus: statusProblems,
  grace(pod, requested, fallback) {
    const { phase } = pod.status ?? {};
    if (!pod.spec?.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0;
    return requested ?? fallback;
  },
};

function changeProblems(
  pod: StoredPod,
  before: StoredPod,
  subresource: string | undefined,
): readonly Problem[] {
  const { spec } = pod;
  const { spec: old, metadata } = before;
  if (subresource === 'resize') return resizeProblems(pod, before);
  if (subresource !== 'ephemeralcontainers') return updateProblems(spec!, old!);
  const isMirror = metadata.annotations?.[MIRROR] !== undefined;
  return isMirror ? [STATIC] : ephemeralProblems(spec!, old!);
}

const MIRROR = 'kubernetes.io/config.mirror';
const STATIC = forbidden('', 'static pods do not support ephemeral containers');
const NONE: readonly Problem[] = [];
const NONE_FOUND: readonly string[] = [];
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const INT32 = 2 ** 31;

function costProblems(cost: string): readonly Problem[] {
  const value = Number(cost);
  const isPlain = /^(0|-?[1-9]\d*)$/.test(cost);
  if (isPlain && value >= -INT32 && value < INT32) return NONE;
  const field = `metadata.annotations[${DELETION_COST}]`;
  return [invalid(field, cost, 'must be a 32bit integer')];
}

function createProblems({ spec }: StoredPod): readonly Problem[] {
  const problems: Problem[] = [];
  if (spec?.ephemeralContainers?.length)
    problems.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (spec?.nodeName && spec.schedulingGates?.length)
    problems.push(
      forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'),
    );
  return problems;
}
