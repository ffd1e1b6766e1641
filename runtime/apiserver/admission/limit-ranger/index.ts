/**
 * LimitRanger: the limits of a namespace on single pods, containers and claims. Containers that name no request or limit get the
 * defaults (`defaults.ts`); what is then outside of the limits is refused (`constraints.ts`). Pods are looked at when they are made
 * or resized: nothing else that is limited of them can change. What was worked out for a spec is remembered, so that the pods of one template go
 * on sharing one.
 */
import type {
  LimitRange,
  PersistentVolumeClaim,
  Pod,
  PodSpec,
} from '../../../../generated/core/v1/types.ts';
import { forbidden, isDeleting, type KubeObject } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { about } from '../../kind.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';
import { claimViolations, podViolations } from './constraints.ts';
import { withDefaults } from './defaults.ts';

type Range = KubeObject & LimitRange;

export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  mutate(attributes, core) {
    const { kind, operation, object } = attributes;
    const ranges = isAbout(attributes) ? rangesOf(attributes, core) : NONE;
    if (ranges.length === 0 || kind.id !== 'pods' || operation !== 'CREATE') return object;
    return ranges.reduce((pod, range) => withDefaults(pod, range), object as KubeObject & Pod);
  },
  validate(attributes, core) {
    if (!isAbout(attributes)) return;
    for (const range of rangesOf(attributes, core))
      refuse(attributes, violations(attributes, range));
  },
};

const NONE: readonly Range[] = [];

function isAbout({ kind, operation, subresource, object }: AdmissionAttributes): boolean {
  if (kind.id === 'pods' && subresource === 'resize') return operation === 'UPDATE';
  if (subresource) return false;
  if (kind.id === 'pods') return operation === 'CREATE';
  if (kind.id !== 'persistentvolumeclaims') return false;
  return operation === 'CREATE' || (operation === 'UPDATE' && !isDeleting(object));
}

function rangesOf({ namespace }: AdmissionAttributes, core: Core): readonly Range[] {
  const cache = core.kindById('limitranges')?.cache;
  return cache && cache.size > 0 && namespace ? (cache.list(namespace) as Range[]) : NONE;
}

function violations({ kind, object }: AdmissionAttributes, range: Range): readonly string[] {
  if (kind.id !== 'pods')
    return claimViolations(object as KubeObject & PersistentVolumeClaim, range);
  const { spec } = object as KubeObject & Pod;
  const known = clean.get(range) ?? new WeakSet<PodSpec>();
  clean.set(range, known);
  if (!spec || known.has(spec)) return [];
  const found = podViolations(spec, range);
  if (found.length === 0) known.add(spec);
  return found;
}

const clean = new WeakMap<Range, WeakSet<PodSpec>>();

/** Several reasons stand in brackets, each once. */
function refuse({ kind, name }: AdmissionAttributes, found: readonly string[]): void {
  const reasons = [...new Set(found)];
  if (reasons.length === 0) return;
  const text = reasons.length === 1 ? reasons[0]! : `[${reasons.join(', ')}]`;
  throw forbidden(about(kind, name), text);
}
