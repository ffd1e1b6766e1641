import type { Pod, PodSpec } from '../../../generated/core/v1/types.ts';
import { forbidden, type KubeObject } from '../../meta/index.ts';
import { about } from '../kind.ts';
import type { AdmissionPlugin } from './plugin.ts';

interface PriorityClass {
  readonly value: number;
  readonly preemptionPolicy: NonNullable<PodSpec['preemptionPolicy']>;
}

const PREEMPTS = { preemptionPolicy: 'PreemptLowerPriority' } as const;
const WITHOUT_CLASS: PriorityClass = { value: 0, ...PREEMPTS };

/** The classes that every cluster has. */
const SYSTEM_CLASSES: Readonly<Record<string, PriorityClass>> = {
  'system-cluster-critical': { value: 2_000_000_000, ...PREEMPTS },
  'system-node-critical': { value: 2_000_001_000, ...PREEMPTS },
};

/** Gives every pod the rank of its priority class. Classes of their own clusters do not have yet: there is no kind for them. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resource: 'pods',
  mutate({ operation, kind, object, old }) {
    const pod = object as KubeObject & Pod;
    if (!pod.spec) return object;
    if (operation === 'UPDATE') return keepPriority(pod, old as (KubeObject & Pod) | undefined);
    if (operation !== 'CREATE') return object;
    const spec = ranked(pod.spec, (why) => forbidden(about(kind, pod.metadata.name), why));
    return spec === pod.spec ? object : ({ ...pod, spec } as KubeObject);
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

const known = new WeakMap<PodSpec, PodSpec>();

function ranked(spec: PodSpec, refusal: (why: string) => Error): PodSpec {
  let found = known.get(spec);
  if (!found) {
    found = withPriority(spec, refusal);
    known.set(spec, found);
    known.set(found, found);
  }
  return found;
}

function withPriority(spec: PodSpec, refusal: (why: string) => Error): PodSpec {
  const name = spec.priorityClassName;
  const found = name ? SYSTEM_CLASSES[name] : WITHOUT_CLASS;
  if (!found) throw refusal(`no PriorityClass with name ${name} was found`);
  const { value, preemptionPolicy } = found;
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
  return { ...spec, priority: value, preemptionPolicy };
}
