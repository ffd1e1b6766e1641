import type { Pod, PodSpec } from '../../../generated/core/v1/types.ts';
import type { PriorityClass } from '../../../generated/scheduling/v1/types.ts';
import { forbidden, type KubeObject } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { about } from '../kind.ts';
import { BY_DEFAULT } from '../strategies/priority-classes.ts';
import type { AdmissionPlugin } from './plugin.ts';

type StoredClass = PriorityClass & KubeObject;

const NAME = 'Priority';
const CLASSES = 'priorityclasses.scheduling.k8s.io';

/** Gives every pod the rank of its priority class. */
export const priority: AdmissionPlugin = {
  name: NAME,
  resource: 'pods',
  mutate({ operation, kind, object, old }, core) {
    const pod = object as KubeObject & Pod;
    if (!pod.spec) return object;
    if (operation === 'UPDATE') return keepPriority(pod, old as (KubeObject & Pod) | undefined);
    if (operation !== 'CREATE') return object;
    const found = classOf(pod.spec, core);
    const spec = ranked(pod.spec, found, (why) => forbidden(about(kind, pod.metadata.name), why));
    return spec === pod.spec ? object : ({ ...pod, spec } as KubeObject);
  },
};

/** Pods that name no class belong to one at most. */
export const priorityDefault: AdmissionPlugin = {
  name: NAME,
  resource: CLASSES,
  validate({ operation, kind, name, object }, core) {
    const isDefault = (object as StoredClass).globalDefault === true;
    if (!isDefault || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    const other = core
      .byIndex(CLASSES, BY_DEFAULT, BY_DEFAULT)
      .find(({ metadata }) => metadata.name !== name);
    if (!other) return;
    throw forbidden(
      about(kind, name),
      `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
    );
  },
};

/** An update that leaves out what this plugin filled in keeps it. */
function keepPriority(pod: KubeObject & Pod, old: (KubeObject & Pod) | undefined): KubeObject {
  const { spec = {} as PodSpec } = pod;
  const before = old?.spec;
  if (!before || spec === before) return pod;
  const value = spec.priority ?? before.priority;
  const preemptionPolicy = spec.preemptionPolicy ?? before.preemptionPolicy;
  if (value === spec.priority && preemptionPolicy === spec.preemptionPolicy) return pod;
  const kept = {
    ...(value === undefined ? {} : { priority: value }),
    ...(preemptionPolicy ? { preemptionPolicy } : {}),
  };
  return { ...pod, spec: { ...spec, ...kept } } as KubeObject;
}

/** The class that a pod names, or the one that counts for those that name none: the lowest, if by some chance there are several. */
function classOf({ priorityClassName: name }: PodSpec, core: Core): StoredClass | undefined {
  if (name) return core.object(CLASSES, name) as StoredClass | undefined;
  const defaults = core.byIndex(CLASSES, BY_DEFAULT, BY_DEFAULT) as unknown as StoredClass[];
  if (defaults.length < 2) return defaults[0];
  return defaults.reduce((least, each) => (rankOf(each) < rankOf(least) ? each : least));
}

const rankOf = ({ value = 0 }: StoredClass): number => value;

interface Ranked {
  readonly by: StoredClass | undefined;
  readonly spec: PodSpec;
}

/** What a spec became, and by which class: pods of one template share what they get. */
const known = new WeakMap<PodSpec, Ranked>();

function ranked(
  spec: PodSpec,
  by: StoredClass | undefined,
  refusal: (why: string) => Error,
): PodSpec {
  const before = known.get(spec);
  if (before && before.by === by) return before.spec;
  const after = withPriority(spec, by, refusal);
  known.set(spec, { by, spec: after });
  return after;
}

function withPriority(
  spec: PodSpec,
  by: StoredClass | undefined,
  refusal: (why: string) => Error,
): PodSpec {
  const { priorityClassName: named } = spec;
  if (named && !by) throw refusal(`no PriorityClass with name ${named} was found`);
  const value = by ? rankOf(by) : 0;
  const preemptionPolicy = by?.preemptionPolicy ?? 'PreemptLowerPriority';
  if (spec.priority !== undefined && spec.priority !== value)
    throw refusal(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; ` +
        `priority admission controller computed ${value} from the given PriorityClass name`,
    );
  if (spec.preemptionPolicy && spec.preemptionPolicy !== preemptionPolicy)
    throw refusal(
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; ` +
        `priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`,
    );
  const priorityClassName = named || by?.metadata.name;
  return {
    ...spec,
    ...(priorityClassName ? { priorityClassName } : {}),
    priority: value,
    preemptionPolicy,
  };
}
