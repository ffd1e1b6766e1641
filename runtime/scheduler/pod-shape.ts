import type {
  Affinity,
  Container,
  Pod,
  PodSpec,
  PreferredSchedulingTerm,
  Toleration,
  TopologySpreadConstraint,
} from '../../generated/core/v1/types.ts';
import { limits } from '../base/index.ts';
import { countedSpec } from '../meta/index.ts';
import { affinityTermsOf, type PodAffinityTerms } from './affinity-terms.ts';
import { type PodRequests, podRequests } from './requests.ts';
import {
  compileNodeSelector,
  compileNodeSelectorTerm,
  type Labels,
  labelsToRequirements,
  type NodeMatcher,
  selectorOf,
} from './selectors.ts';

import {
  hasEphemeralClaims,
  type PodVolumes,
  podVolumes,
  volumesThatMatter,
} from './volumes/pod-volumes.ts';

export interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

export interface WeightedMatcher {
  readonly weight: number;
  readonly matches: NodeMatcher;
}

/** What a pod asks of a node, apart from other pods: equal pods share one, so results are kept by it. */
export interface Requirements {
  readonly key: string;
  readonly requests: PodRequests;
  /** nodeSelector and required node affinity together; undefined when there is neither. */
  readonly nodeMatcher: NodeMatcher | undefined;
  /** Node names that required affinity by field confines the pod to; undefined = any. */
  readonly nodeNames: readonly string[] | undefined;
  readonly preferred: readonly WeightedMatcher[];
  readonly tolerations: readonly Toleration[];
  readonly hostPorts: readonly HostPort[];
  /** Normalized names of the containers' images, and of those that are mounted as volumes. */
  readonly images: readonly string[];
  readonly mountedImages: readonly string[];
}

/** Everything about a pod that decides where it may go. Pods of one template share it. */
export interface PodShape {
  readonly namespace: string;
  readonly labels: Labels;
  readonly priority: number;
  readonly preemptionPolicy: string | undefined;
  readonly requirements: Requirements;
  readonly spreadConstraints: readonly TopologySpreadConstraint[];
  /** What it asks of other pods, and has against them; undefined when nothing. */
  readonly affinity: PodAffinityTerms | undefined;
  /** Its claims and disks; undefined when it has none. */
  readonly volumes: PodVolumes | undefined;
  /** The owner that controls it, for default spreading. */
  readonly owner:
    | { readonly kind: string; readonly name: string; readonly uid: string }
    | undefined;
}

interface Sources {
  readonly namespace: string | undefined;
  readonly labels: object | undefined;
  readonly ownerUid: string | undefined;
  readonly initContainers: unknown;
  readonly nodeSelector: unknown;
  readonly affinity: unknown;
  readonly tolerations: unknown;
  readonly spread: unknown;
  readonly overhead: unknown;
  readonly resources: unknown;
  readonly priority: unknown;
  readonly volumes: unknown;
  /** Only of a pod whose claims have its name in theirs. */
  readonly name: string | undefined;
}

interface Memo {
  readonly sources: Sources;
  readonly shape: PodShape;
}

const NO_LABELS: Labels = {};
const NONE: readonly string[] = [];
const SHAPES_PER_TEMPLATE_MAX = 8;
const byContainers = new WeakMap<object, Memo[]>();
const requirementsByKey = new Map<string, Requirements>();

/** The pod's shape; a few comparisons when a pod of the same template was seen. */
export function shapeOf(pod: Pod): PodShape {
  const spec = specOf(pod);
  const sources = sourcesOf(pod, spec);
  const containers = spec.containers as object | undefined;
  const memos = containers && byContainers.get(containers);
  if (memos) for (const memo of memos) if (same(memo.sources, sources)) return memo.shape;
  const shape = buildShape(pod, spec);
  if (containers) {
    const kept = memos && memos.length < SHAPES_PER_TEMPLATE_MAX ? memos : [];
    kept.push({ sources, shape });
    byContainers.set(containers, kept);
  }
  return shape;
}

/** What the pod counts for while it is being resized is no other pod's, but it keeps it. */
const resized = new WeakMap<Pod, PodSpec>();

function specOf(pod: Pod): PodSpec {
  if (!pod.spec?.nodeName || !pod.status) return pod.spec ?? ({} as PodSpec);
  const known = resized.get(pod);
  if (known) return known;
  const spec = countedSpec(pod)!;
  if (spec !== pod.spec) resized.set(pod, spec);
  return spec;
}

function sourcesOf(pod: Pod, spec: PodSpec): Sources {
  const { metadata } = pod;
  const volumes = volumesThatMatter(pod);
  return {
    namespace: metadata?.namespace,
    labels: metadata?.labels,
    ownerUid: controllerOf(metadata)?.uid,
    initContainers: spec.initContainers,
    nodeSelector: spec.nodeSelector,
    affinity: spec.affinity,
    tolerations: spec.tolerations,
    spread: spec.topologySpreadConstraints,
    overhead: spec.overhead,
    resources: (spec as { resources?: unknown }).resources,
    priority: spec.priority,
    volumes,
    name: hasEphemeralClaims(volumes) ? metadata?.name : undefined,
  };
}

function same(a: Sources, b: Sources): boolean {
  return (
    a.labels === b.labels &&
    a.namespace === b.namespace &&
    a.ownerUid === b.ownerUid &&
    a.tolerations === b.tolerations &&
    a.affinity === b.affinity &&
    a.nodeSelector === b.nodeSelector &&
    a.spread === b.spread &&
    a.initContainers === b.initContainers &&
    a.overhead === b.overhead &&
    a.resources === b.resources &&
    a.priority === b.priority &&
    a.volumes === b.volumes &&
    a.name === b.name
  );
}

function controllerOf(metadata: Pod['metadata'] | undefined) {
  return metadata?.ownerReferences?.find((owner) => owner.controller);
}

function buildShape(pod: Pod, spec: PodSpec): PodShape {
  const owner = controllerOf(pod.metadata);
  const namespace = pod.metadata?.namespace ?? '';
  const labels = (pod.metadata?.labels as Labels | undefined) ?? NO_LABELS;
  return {
    namespace,
    labels,
    priority: spec.priority ?? 0,
    preemptionPolicy: spec.preemptionPolicy,
    requirements: requirementsOf(spec),
    spreadConstraints: spec.topologySpreadConstraints ?? [],
    affinity: affinityTermsOf(spec, { namespace, labels }),
    volumes: podVolumes(pod),
    owner: owner && { kind: owner.kind ?? '', name: owner.name ?? '', uid: owner.uid ?? '' },
  };
}

function requirementsOf(spec: PodSpec): Requirements {
  const node = spec.affinity?.nodeAffinity;
  const hostPorts = hostPortsOf(spec);
  const images = imagesOf(spec);
  const mountedImages = mountedImagesOf(spec);
  const requests = podRequests(spec);
  const tolerations = spec.tolerations ?? [];
  const key = JSON.stringify([
    { ...requests, scalars: requests.scalars ? [...requests.scalars] : 0 },
    spec.nodeSelector,
    node,
    tolerations,
    hostPorts,
    images,
    mountedImages,
  ]);
  const known = requirementsByKey.get(key);
  if (known) return known;
  const required = node?.requiredDuringSchedulingIgnoredDuringExecution;
  const made: Requirements = {
    key,
    requests,
    nodeMatcher: nodeMatcherOf(spec.nodeSelector as Labels | undefined, required),
    nodeNames: required && namedNodes(required),
    preferred: (node?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(weighted),
    tolerations,
    hostPorts,
    images,
    mountedImages,
  };
  if (requirementsByKey.size >= limits.schedulerRequirements) requirementsByKey.clear();
  requirementsByKey.set(key, made);
  return made;
}

type RequiredAffinity = NonNullable<
  NonNullable<Affinity['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>;

function nodeMatcherOf(
  nodeSelector: Labels | undefined,
  required: RequiredAffinity | undefined,
): NodeMatcher | undefined {
  const byLabels = nodeSelector && selectorOf(labelsToRequirements(nodeSelector));
  const byTerms = required && compileNodeSelector(required);
  if (!byLabels) return byTerms;
  if (!byTerms) return (node) => byLabels.matches(node.labels);
  return (node) => byLabels.matches(node.labels) && byTerms(node);
}

/** A preference of a node affinity. A term without requirements prefers no node. */
export function weighted({ weight, preference }: PreferredSchedulingTerm): WeightedMatcher {
  return { weight: weight ?? 0, matches: compileNodeSelectorTerm(preference ?? {}) };
}

/** Names if every term names nodes by field: within a term all must agree, terms are alternatives. */
function namedNodes(required: RequiredAffinity): readonly string[] | undefined {
  const names = new Set<string>();
  const terms = required.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  for (const term of terms) {
    let ofTerm: Set<string> | undefined;
    for (const { key, operator, values } of term.matchFields ?? []) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      const named: readonly string[] = values ?? [];
      ofTerm = new Set(ofTerm ? named.filter((name) => ofTerm!.has(name)) : named);
    }
    if (!ofTerm) return undefined;
    for (const name of ofTerm) names.add(name);
  }
  return [...names].sort();
}

function hostPortsOf(spec: PodSpec): HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter((each) => each.restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...sidecars].flatMap((container: Container) =>
    (container.ports ?? [])
      .filter((port) => (port.hostPort ?? 0) > 0)
      .map((port) => ({
        protocol: port.protocol || 'TCP',
        ip: port.hostIP || '0.0.0.0',
        port: port.hostPort!,
      })),
  );
}

function imagesOf(spec: PodSpec): string[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ image }) =>
    normalizeImage(image ?? ''),
  );
}

function mountedImagesOf({ volumes = [] }: PodSpec): readonly string[] {
  const mounted = volumes.flatMap(({ image }) => (image?.reference ? [image.reference] : []));
  return mounted.length === 0 ? NONE : mounted.map(normalizeImage);
}

/** With the tag `latest` when it has no tag. */
export function normalizeImage(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
