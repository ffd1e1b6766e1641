import type { PodAffinityTerm, PodSpec } from '../../generated/core/v1/types.ts';
import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import { compileLabelSelector, invalidValue, type Labels, type PodSelector } from './selectors.ts';

/** What affinity between pods looks at. */
export interface PodLabels {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The labels of a namespace; none when it is not known. */
export type NamespaceLabels = (name: string) => Labels;

/** A term of affinity or anti-affinity: pods that it selects, in the domains of one node label. */
export interface AffinityTerm {
  /** Equal terms have equal keys. */
  readonly key: string;
  /** Equal for terms that select the same pods, whatever their topology. */
  readonly podsKey: string;
  readonly topologyKey: string;
  /** The one namespace that it looks into; undefined when it may be several. */
  readonly namespace: string | undefined;
  /** Whether the labels of namespaces decide. */
  readonly readsNamespaces: boolean;
  matches(pod: PodLabels, labelsOf: NamespaceLabels): boolean;
}

export interface WeightedAffinityTerm {
  readonly term: AffinityTerm;
  /** Negative for anti-affinity. */
  readonly weight: number;
}

/** All terms of one pod. */
export interface PodAffinityTerms {
  readonly required: readonly AffinityTerm[];
  readonly requiredAnti: readonly AffinityTerm[];
  readonly preferred: readonly WeightedAffinityTerm[];
  /** Why the terms cannot be read; the API refuses such pods. */
  readonly invalid: string | undefined;
}

/** The compiled terms of a pod with affinity to pods; undefined for one without. */
export function affinityTermsOf(
  { affinity }: PodSpec,
  pod: PodLabels,
): PodAffinityTerms | undefined {
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  const required = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const anti = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const preferred = podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const avoided = podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (required.length + anti.length + preferred.length + avoided.length === 0) return undefined;
  const compile = (term: PodAffinityTerm): AffinityTerm => compileTerm(term, pod);
  const broken = (name: string, terms: readonly PodAffinityTerm[]): string | undefined => {
    const found = terms.map(({ labelSelector }) => invalidValue(labelSelector)).find(Boolean);
    return found && `parsing pod: ${name}: ${found}`;
  };
  return {
    required: required.map(compile),
    requiredAnti: anti.map(compile),
    preferred: [
      ...preferred.map(({ weight = 0, podAffinityTerm }) => ({
        weight,
        term: compile(podAffinityTerm),
      })),
      ...avoided.map(({ weight = 0, podAffinityTerm }) => ({
        weight: -weight,
        term: compile(podAffinityTerm),
      })),
    ],
    invalid: broken('requiredAffinityTerms', required) ?? broken('requiredAntiAffinityTerms', anti),
  };
}

/** A term that names no namespaces and selects none is about the pod's own. */
function compileTerm(term: PodAffinityTerm, pod: PodLabels): AffinityTerm {
  const listed = (term.namespaces ?? []) as readonly string[];
  const own = listed.length === 0 && !term.namespaceSelector;
  const namespaces = new Set(own ? [pod.namespace] : listed);
  const byLabels = term.namespaceSelector && compileLabelSelector(term.namespaceSelector);
  const selector = compileLabelSelector(narrowed(term, pod.labels));
  const podsKey = JSON.stringify([[...namespaces].sort(), byLabels?.key ?? 0, selector.key]);
  const topologyKey = term.topologyKey ?? '';
  return {
    key: `${topologyKey}\0${podsKey}`,
    podsKey,
    topologyKey,
    namespace: byLabels || namespaces.size !== 1 ? undefined : [...namespaces][0]!,
    readsNamespaces: byLabels !== undefined && !byLabels.empty,
    matches: ({ namespace, labels }, labelsOf) =>
      (namespaces.has(namespace) || reaches(byLabels, namespace, labelsOf)) &&
      selector.matches(labels),
  };
}

function reaches(
  byLabels: PodSelector | undefined,
  namespace: string,
  labelsOf: NamespaceLabels,
): boolean {
  return byLabels !== undefined && (byLabels.empty || byLabels.matches(labelsOf(namespace)));
}

/** `matchLabelKeys` and `mismatchLabelKeys` compare with the pod's own values. The API server merges them; so may we, again. */
function narrowed(
  { labelSelector, matchLabelKeys, mismatchLabelKeys }: PodAffinityTerm,
  own: Labels,
): LabelSelector | undefined {
  if (!labelSelector) return undefined;
  const more = [
    ...requirements((matchLabelKeys ?? []) as readonly string[], 'In', own),
    ...requirements((mismatchLabelKeys ?? []) as readonly string[], 'NotIn', own),
  ];
  if (more.length === 0) return labelSelector;
  return {
    ...labelSelector,
    matchExpressions: [...(labelSelector.matchExpressions ?? []), ...more],
  };
}

function requirements(keys: readonly string[], operator: 'In' | 'NotIn', own: Labels) {
  return keys
    .filter((key) => key in own)
    .map((key) => ({ key, operator, values: [own[key]!] }) as const);
}
