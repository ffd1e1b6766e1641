import type {
  Affinity,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
  TopologySpreadConstraint,
} from '../../../../generated/core/v1/types.ts';
import type { Labels } from '../../../meta/index.ts';
import { mapItems } from '../pod-spec/index.ts';

type Selecting = Pick<PodAffinityTerm, 'labelSelector' | 'matchLabelKeys' | 'mismatchLabelKeys'>;

const merged = new WeakMap<PodSpec, { readonly labels: Labels; readonly spec: PodSpec }>();

/**
 * The spec whose selectors of other pods say what `matchLabelKeys` and `mismatchLabelKeys` mean for a pod with these
 * labels: its own values, or not those. The very same when there are no such keys; one value for pods of one template.
 */
export function withLabelKeys(spec: PodSpec, labels: Labels = {}): PodSpec {
  const { affinity, topologySpreadConstraints } = spec;
  if (!affinity?.podAffinity && !affinity?.podAntiAffinity && !topologySpreadConstraints)
    return spec;
  const known = merged.get(spec);
  if (known?.labels === labels) return known.spec;
  const next = merge(spec, labels);
  merged.set(spec, { labels, spec: next });
  return next;
}

function merge(spec: PodSpec, labels: Labels): PodSpec {
  const affinity = spec.affinity && ofAffinity(spec.affinity, labels);
  const constraints =
    spec.topologySpreadConstraints &&
    mapItems(spec.topologySpreadConstraints, (each) => narrowed(each, labels));
  if (affinity === spec.affinity && constraints === spec.topologySpreadConstraints) return spec;
  return {
    ...spec,
    ...(affinity ? { affinity } : {}),
    ...(constraints
      ? { topologySpreadConstraints: constraints as readonly TopologySpreadConstraint[] }
      : {}),
  };
}

function ofAffinity(affinity: Affinity, labels: Labels): Affinity {
  const podAffinity = affinity.podAffinity && ofTerms(affinity.podAffinity, labels);
  const podAntiAffinity = affinity.podAntiAffinity && ofTerms(affinity.podAntiAffinity, labels);
  if (podAffinity === affinity.podAffinity && podAntiAffinity === affinity.podAntiAffinity)
    return affinity;
  return {
    ...affinity,
    ...(podAffinity ? { podAffinity } : {}),
    ...(podAntiAffinity ? { podAntiAffinity } : {}),
  };
}

function ofTerms(terms: PodAffinity, labels: Labels): PodAffinity {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred,
  } = terms;
  const nowRequired = required && mapItems(required, (term) => narrowed(term, labels));
  const nowPreferred =
    preferred &&
    mapItems(preferred, (each) => {
      const podAffinityTerm = narrowed(each.podAffinityTerm, labels);
      return podAffinityTerm === each.podAffinityTerm ? each : { ...each, podAffinityTerm };
    });
  if (nowRequired === required && nowPreferred === preferred) return terms;
  return {
    ...(nowRequired ? { requiredDuringSchedulingIgnoredDuringExecution: nowRequired } : {}),
    ...(nowPreferred ? { preferredDuringSchedulingIgnoredDuringExecution: nowPreferred } : {}),
  };
}

/** Keys that the pod does not have say nothing, and so do all where there is no selector. */
function narrowed<T extends Selecting>(term: T, labels: Labels): T {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  if (!labelSelector || matchLabelKeys.length + mismatchLabelKeys.length === 0) return term;
  const added = [
    ...requirements(matchLabelKeys, 'In', labels),
    ...requirements(mismatchLabelKeys, 'NotIn', labels),
  ];
  if (added.length === 0) return term;
  const matchExpressions = [...(labelSelector.matchExpressions ?? []), ...added];
  return { ...term, labelSelector: { ...labelSelector, matchExpressions } };
}

function requirements(keys: readonly string[], operator: 'In' | 'NotIn', labels: Labels) {
  return keys
    .filter((key) => labels[key] !== undefined)
    .map((key) => ({ key, operator, values: [labels[key]!] }));
}
