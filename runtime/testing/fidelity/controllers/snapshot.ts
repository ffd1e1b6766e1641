import { isConditionTrue, type KubeObject, valueAt } from '../../../meta/index.ts';
import { type ExpectedEvent, NAMESPACE } from './cases.ts';
import type { Desk } from './desk.ts';

type Json = Record<string, unknown>;

/** Kinds that keep former templates, each with the labels that may hold the hash. */
const REVISIONS = [
  ['ReplicaSet', 'pod-template-hash'],
  ['ControllerRevision', 'controller-revision-hash', 'controller.kubernetes.io/hash'],
] as const;

/** The nodes that every case has. */
export const GENERAL_NODES = ['w1', 'w2', 'w3'];
const GENERAL = /\bw[123]\b/g;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** What the README leaves out. */
const LEFT_OUT = new Set(['endpoints.kubernetes.io/last-change-trigger-time']);

/** Replaces what differs from run to run by the words of the recordings. Learns names as they come up. */
export class Masks {
  /** Names of ReplicaSets and ControllerRevisions, in order of creation, with what stands for them. */
  readonly #revisions = new Map<
    string,
    { readonly name: string; readonly hash: string; readonly number: string }
  >();
  readonly #generated = new Set<string>();

  learn(desk: Desk): void {
    for (const [kind, ...hashLabels] of REVISIONS)
      for (const { metadata } of [...desk.list(kind)].sort(byCreation)) {
        const { name = '', labels = {}, ownerReferences } = metadata;
        const owner = ownerReferences?.find(({ controller }) => controller)?.name;
        const hash = hashLabels.map((label) => labels[label]).find((each) => each !== undefined);
        if (this.#revisions.has(name) || owner === undefined || hash === undefined) continue;
        const before = [...this.#revisions.values()].filter((each) =>
          each.name.startsWith(`${owner}-#`),
        );
        const number = `#${before.length + 1}`;
        this.#revisions.set(name, { name: `${owner}-${number}`, hash, number });
      }
    for (const kind of ['Pod', 'EndpointSlice'])
      for (const { metadata } of desk.list(kind))
        if (metadata.generateName) this.#generated.add(metadata.generateName);
  }

  text(text: string): string {
    let masked = text;
    const prefixes = [...this.#generated].sort((a, b) => b.length - a.length);
    for (const prefix of prefixes)
      masked = masked.replace(
        new RegExp(`\\b${prefix}[a-z0-9]{5}(?![a-z0-9-])`, 'g'),
        `${prefix}*`,
      );
    for (const [name, set] of this.#revisions) masked = masked.replaceAll(name, set.name);
    return masked
      .replaceAll(NAMESPACE, '<ns>')
      .replace(GENERAL, '<node>')
      .replace(UUID, '<uid>')
      .replace(/\b10\.244\.\d+\.0\/24/g, '10.244.*.0/24');
  }

  value(value: unknown): unknown {
    if (typeof value === 'string') {
      const set = [...this.#revisions.values()].find(({ hash }) => hash === value);
      return set ? set.number : this.text(value);
    }
    if (Array.isArray(value)) return value.map((each) => this.value(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.value(each)]));
  }
}

const orderOf = ({ metadata }: KubeObject): number =>
  Date.parse(metadata.creationTimestamp ?? '') * 1e6 + Number(metadata.resourceVersion ?? 0);

const byCreation = (a: KubeObject, b: KubeObject): number => orderOf(a) - orderOf(b);

/** The objects of one kind in the form of a snapshot: sorted, equal pods counted. */
export function snapshotOf(kind: string, desk: Desk, masks: Masks): object[] {
  const objects = desk
    .list(kind)
    .filter(({ metadata }) => kind !== 'Node' || !GENERAL_NODES.includes(metadata.name ?? ''))
    .filter(({ metadata }) => kind !== 'Namespace' || metadata.name === NAMESPACE)
    .map((object) => masks.value(shownOf(kind, object)) as Json);
  const texts = objects.map((each) => JSON.stringify(each)).sort();
  if (kind !== 'Pod') return texts.map((text) => JSON.parse(text) as object);
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => ({ count, ...(JSON.parse(text) as object) }));
}

function shownOf(kind: string, object: KubeObject): Json {
  const { metadata } = object;
  const { name, finalizers, ownerReferences } = metadata;
  const labels = kind === 'Node' ? undefined : metadata.labels;
  const owners = ownerReferences?.map(({ uid: _, apiVersion: __, ...owner }) =>
    kind === 'PersistentVolumeClaim' ? withoutControl(owner) : owner,
  );
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !key.startsWith('sim.example/') && !LEFT_OUT.has(key),
    ),
  );
  const common = {
    name,
    ...filled({ labels, annotations, finalizers, owners }),
    ...(metadata.deletionTimestamp ? { deleting: true } : {}),
  };
  return { ...common, ...SHOWN[kind]?.(object) };
}

/** Since 1.32 a StatefulSet controls its claims; at the recording it only owned them. */
function withoutControl({ controller: _, blockOwnerDeletion: __, ...owner }: Json): Json {
  return owner;
}

/** Without what is empty. */
function filled(fields: Json): Json {
  const isEmpty = (value: unknown): boolean =>
    value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

type Condition = Readonly<Record<'type' | 'status' | 'reason' | 'message', string>>;

const conditionsOf = (object: KubeObject): object[] =>
  ((valueAt(object, 'status.conditions') ?? []) as Condition[])
    .map(({ type, status, reason, message }) => ({
      type,
      status,
      ...(reason ? { reason } : {}),
      ...(message ? { message } : {}),
    }))
    .sort((a, b) => (a.type < b.type ? -1 : 1));

/** Shown apart, and what Kubernetes has added since the recording (1.28). */
const NOT_SHOWN = new Set(['conditions', 'lastPhaseTransitionTime', 'terminatingReplicas']);

/** Status with conditions and without zeros, as Go's types are written. */
function statusOf(object: KubeObject, kept: readonly string[] = []): Json {
  const status = (valueAt(object, 'status') ?? {}) as Json;
  const conditions = conditionsOf(object);
  const entries = Object.entries(status).filter(
    ([key, value]) => !NOT_SHOWN.has(key) && (kept.includes(key) || (value !== 0 && value !== '')),
  );
  return { ...Object.fromEntries(entries), ...(conditions.length > 0 ? { conditions } : {}) };
}

/**
 * Conditions on the way to the end, and why a job is complete, are newer than the recording; only failure policies had
 * one then.
 */
function isNewer({ type, reason }: Condition): boolean {
  if (type === 'FailureTarget') return reason !== 'PodFailurePolicy';
  return type === 'SuccessCriteriaMet';
}

function jobStatusOf(job: KubeObject): Json {
  const { conditions = [], ...rest } = statusOf(job, ['ready']) as {
    readonly conditions?: readonly Condition[];
  } & Json;
  const shown = conditions
    .filter((each) => !isNewer(each))
    .map((each) => (each.type === 'Complete' ? { type: each.type, status: each.status } : each));
  const { terminating: _, startTime: __, completionTime: ___, ...status } = rest;
  return { ...status, ...(shown.length > 0 ? { conditions: shown } : {}) };
}

function withoutUid({ targetRef, ...endpoint }: Json): Json {
  if (typeof targetRef !== 'object' || targetRef === null) return endpoint;
  const { uid: _, ...target } = targetRef as Json;
  return { ...endpoint, targetRef: target };
}

/** What else a snapshot shows of a kind. */
const SHOWN: Readonly<Record<string, (object: KubeObject) => Json>> = {
  Pod: (pod) => {
    const conditions = conditionsOf(pod).filter((each) => 'reason' in each);
    const node = valueAt(pod, 'spec.nodeName');
    return {
      phase: valueAt(pod, 'status.phase'),
      ready: isConditionTrue(valueAt(pod, 'status.conditions') as Condition[], 'Ready'),
      ...(node === undefined || GENERAL_NODES.includes(String(node)) ? {} : { node }),
      image: (valueAt(pod, 'spec.containers') as { image: string }[])[0]?.image,
      ...filled({ conditions }),
    };
  },
  ReplicaSet: (set) => {
    const { observedGeneration: _, ...status } = statusOf(set, ['replicas']);
    return { replicas: valueAt(set, 'spec.replicas'), status };
  },
  Deployment: (deployment) => ({
    generation: deployment.metadata.generation,
    replicas: valueAt(deployment, 'spec.replicas'),
    status: statusOf(deployment),
  }),
  Endpoints: (endpoints) => ({
    subsets: ((valueAt(endpoints, 'subsets') ?? []) as Json[]).map((subset) => {
      const { addresses, notReadyAddresses, ports } = subset as Record<string, Json[] | undefined>;
      return filled({
        addresses: addresses?.map(withoutUid),
        notReadyAddresses: notReadyAddresses?.map(withoutUid),
        ports,
      });
    }),
  }),
  EndpointSlice: (slice) => ({
    addressType: valueAt(slice, 'addressType'),
    endpoints: ((valueAt(slice, 'endpoints') ?? []) as Json[]).map(withoutUid),
    ports: valueAt(slice, 'ports') ?? [],
  }),
  Node: (node) => ({
    taints: (
      (valueAt(node, 'spec.taints') ?? []) as { key: string; value?: string; effect: string }[]
    )
      .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`)
      .sort(),
    unschedulable: valueAt(node, 'spec.unschedulable') ?? false,
    podCIDR: valueAt(node, 'spec.podCIDR'),
    conditions: conditionsOf(node),
  }),
  Namespace: (namespace) => ({ status: statusOf(namespace) }),
  PersistentVolume: (volume) => {
    const { namespace, name } = (valueAt(volume, 'spec.claimRef') ?? {}) as Json;
    return { spec: { claim: name ? `${namespace}/${name}` : null }, status: statusOf(volume) };
  },
  PersistentVolumeClaim: (claim) => ({
    spec: {
      volumeName: valueAt(claim, 'spec.volumeName') ?? null,
      storageClassName: valueAt(claim, 'spec.storageClassName') ?? null,
    },
    status: statusOf(claim),
  }),
  PodDisruptionBudget: (budget) => ({
    generation: budget.metadata.generation,
    status: statusOf(budget, [
      'disruptionsAllowed',
      'currentHealthy',
      'desiredHealthy',
      'expectedPods',
    ]),
  }),
  DaemonSet: (set) => ({
    generation: set.metadata.generation,
    status: statusOf(set, [
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
    ]),
  }),
  StatefulSet: (set) => ({
    generation: set.metadata.generation,
    replicas: valueAt(set, 'spec.replicas'),
    status: statusOf(set, ['replicas', 'availableReplicas', 'collisionCount']),
  }),
  Job: (job) => ({
    generation: job.metadata.generation,
    suspend: valueAt(job, 'spec.suspend') ?? false,
    status: jobStatusOf(job),
  }),
  CronJob: (job) => ({
    generation: job.metadata.generation,
    suspend: valueAt(job, 'spec.suspend') ?? false,
    status: statusOf(job),
  }),
  ResourceQuota: (quota) => ({ status: statusOf(quota) }),
};

/** The events of a case, in the form of the recordings. */
export function eventsOf(desk: Desk, masks: Masks): ExpectedEvent[] {
  const events = [...desk.list('Event'), ...desk.list('Event', 'default')] as unknown as {
    readonly involvedObject: { readonly kind?: string; readonly name?: string };
    readonly reason?: string;
    readonly type?: string;
    readonly message?: string;
    readonly source?: { readonly component?: string };
    readonly reportingComponent?: string;
  }[];
  return events.map(
    ({ involvedObject, reason = '', type = '', message = '', source, reportingComponent }) => ({
      kind: involvedObject.kind ?? '',
      name: masks.text(involvedObject.name ?? ''),
      reason,
      type,
      from: source?.component || reportingComponent || '',
      message: masks.text(message),
    }),
  );
}
