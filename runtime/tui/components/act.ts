import type { Client } from '../../client/index.ts';
import { formatTime, type KubeObject, ownerReference, type ResourceRef } from '../../meta/index.ts';
import type { Action, Target } from '../model/action.ts';
import { done } from '../model/actions.ts';
import { wishOf } from '../model/forward.ts';
import { type Kind, kindById, kindOf, objectAt, type World } from '../model/world.ts';
import { type Drained, drain, drainedText } from './drain.ts';

/** One object that an action is for. */
interface Place {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly name: string;
  readonly namespace: string | undefined;
}

interface Doing {
  readonly client: Client;
  readonly world: World;
  readonly options: Action['options'];
  readonly nowMs: number;
}

const STRATEGIC = { type: 'application/strategic-merge-patch+json' } as const;
const MERGE = { type: 'application/merge-patch+json' } as const;

/**
 * Does what the user asked for, object by object, through a client whose writes the journal traces back to the request.
 * Throws with the server's words when it refuses.
 */
export async function act(action: Action, world: World): Promise<Done> {
  const { verb, targets, options } = action;
  if (verb === 'forward') return { text: await forward(action, world) };
  const client = world.request({ verb, targets: targets.map(nameOf), ...options });
  const doing: Doing = { client, world, options, nowMs: world.control.clock().nowMs };
  const drained: Drained[] = [];
  let resumed = false;
  for (const target of targets) {
    const place = placeOf(target, world);
    if (!place) continue;
    if (verb === 'drain') drained.push(await drain(place.object, client, world, options));
    else if (verb === 'suspend') resumed = await suspend(place, doing);
    else await VERBS[verb](place, doing);
  }
  if (drained.length > 0)
    return {
      text: drainedText(drained),
      refusals: drained.flatMap(({ refusals }) => refusals),
    };
  return { text: done({ ...action, options: { ...options, resumed: String(resumed) } }, world) };
}

/** A port of this machine for one of a pod: nothing that the cluster is asked for. */
async function forward(action: Action, world: World): Promise<string> {
  const pods = world.pods();
  if (!pods) throw new Error('the pods cannot be reached any more');
  const { address, localPort, port, name } = await pods.forwards.open(wishOf(action));
  return `${address}:${localPort} leads to port ${port} of ${name}; :pf lists it`;
}

/** What there is to say when an action is through, and what a drain was refused. */
export type Done = Pick<Drained, 'text'> & Partial<Pick<Drained, 'refusals'>>;

function nameOf({ resource, key }: Target): string {
  return `${resource}/${key}`;
}

function placeOf({ resource, key }: Target, world: World): Place | undefined {
  const kind = kindById(world, resource);
  const object = objectAt(world, resource, key);
  if (!kind || !object) return undefined;
  const { name = '', namespace } = object.metadata;
  return { kind, object, name, namespace };
}

type Perform = (place: Place, doing: Doing) => Promise<unknown>;

const VERBS: Readonly<Record<Exclude<Action['verb'], 'drain' | 'suspend' | 'forward'>, Perform>> = {
  delete: ({ kind, ...target }, { client, options }) => {
    const { propagationPolicy, gracePeriodSeconds } = options;
    return client.delete(kind.ref, target, {
      propagationPolicy: (propagationPolicy ?? 'Background') as 'Background',
      ...(gracePeriodSeconds === undefined
        ? {}
        : { gracePeriodSeconds: Number(gracePeriodSeconds) }),
    });
  },
  kill: ({ kind, ...target }, { client }) =>
    client.delete(kind.ref, target, { gracePeriodSeconds: 0 }),
  scale: ({ kind, ...target }, { client, options }) =>
    client.patch(
      kind.ref,
      target,
      { spec: { replicas: Number(options.value) } },
      { ...MERGE, subresource: 'scale' },
    ),
  restart: ({ kind, ...target }, { client, nowMs }) => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': formatTime(nowMs) };
    const patch = { spec: { template: { metadata: { annotations } } } };
    return client.patch(kind.ref, target, patch, STRATEGIC);
  },
  image: ({ kind, ...target }, { client, options }) => {
    const [name = '', ...image] = (options.value ?? '').split('=');
    const containers = [{ name, image: image.join('=') }];
    return client.patch(
      kind.ref,
      target,
      { spec: { template: { spec: { containers } } } },
      STRATEGIC,
    );
  },
  rollback,
  cordon: (place, { client }) => setUnschedulable(place, client, true),
  uncordon: (place, { client }) => setUnschedulable(place, client, false),
  trigger,
};

function setUnschedulable({ kind, ...target }: Place, client: Client, unschedulable: boolean) {
  return client.patch(kind.ref, target, { spec: { unschedulable } }, STRATEGIC);
}

async function suspend({ kind, object, ...target }: Place, { client }: Doing): Promise<boolean> {
  const { suspend: was = false } = (object as { spec?: { suspend?: boolean } }).spec ?? {};
  await client.patch(kind.ref, target, { spec: { suspend: !was } }, MERGE);
  return was;
}

interface Templated extends KubeObject {
  readonly spec?: { readonly template?: { readonly metadata?: { readonly labels?: object } } };
}

/** The deployment that owns a replica set gets its template again, as `kubectl rollout undo` does. */
async function rollback({ object, namespace }: Place, { client, world }: Doing): Promise<void> {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
  const kind = owner && kindOf(world, owner.apiVersion, owner.kind);
  if (!owner || !kind) throw new Error('no deployment owns this replica set');
  const { template } = (object as Templated).spec ?? {};
  const { 'pod-template-hash': _, ...labels } = (template?.metadata?.labels ?? {}) as Record<
    string,
    string
  >;
  await client.modify(kind.ref, { name: owner.name, namespace }, (live) => {
    const { spec } = live as Templated;
    const next = { ...template, metadata: { ...template?.metadata, labels } };
    return { ...(live as Templated), spec: { ...spec, template: next } };
  });
}

/** A job of the cron job's template now, as `kubectl create job --from` makes it. */
async function trigger(
  { kind, object, name, namespace }: Place,
  { client, world }: Doing,
): Promise<void> {
  const jobs = kindById(world, 'jobs.batch');
  const { jobTemplate } =
    (object as { spec?: { jobTemplate?: { metadata?: object; spec?: object } } }).spec ?? {};
  if (!jobs) throw new Error('this cluster knows no jobs');
  const { ref } = kind;
  await client.create(
    jobs.ref as ResourceRef<KubeObject>,
    {
      metadata: {
        ...jobTemplate?.metadata,
        generateName: `${name}-manual-`,
        namespace,
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [
          ownerReference({ ...object, apiVersion: `${ref.group}/${ref.version}`, kind: ref.kind }),
        ],
      },
      spec: jobTemplate?.spec,
    } as Partial<KubeObject>,
  );
}
