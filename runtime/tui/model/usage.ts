import {
  type Amounts,
  type KubeObject,
  keyOf,
  milliUnits,
  podAmounts,
  type QuantityText,
  type ResourceRef,
  resourceId,
  scaledValue,
  wholeUnits,
} from '../../meta/index.ts';
import { currentView, type State } from './state.ts';
import { type Amount, type Kind, kindById, type Usage, type World } from './world.ts';

/** What has to be asked of the metrics API for the list that is shown. */
export interface UsageQuestion {
  readonly id: string;
  /** Of the metrics of what is listed. */
  readonly ref: ResourceRef;
  /** Absent for all namespaces, and for what is in none. */
  readonly namespace?: string;
}

/** Undefined when nothing is shown whose use is measured. */
export function usageQuestion(state: State, world: World): UsageQuestion | undefined {
  const view = currentView(state);
  if (view.type !== 'table') return undefined;
  const kind = kindById(world, view.resource);
  const metrics = kind && metricsOf(kind, world);
  if (!metrics) return undefined;
  const { namespace } = view;
  const id = `${view.resource} ${namespace}`;
  return { id, ref: metrics.ref, ...(namespace === '' ? {} : { namespace }) };
}

/** The kind that tells what objects of this one use; it goes by their name. */
function metricsOf({ ref }: Kind, world: World): Kind | undefined {
  return ref.group === '' ? kindById(world, `${ref.resource}.metrics.k8s.io`) : undefined;
}

/** What the metrics API answered. */
export function usageOf(id: string, items: readonly KubeObject[]): Usage {
  return { id, byKey: new Map(items.map((item) => [keyOf(item), amountOf(item)])) };
}

type Measured = Readonly<Record<'cpu' | 'memory', QuantityText>>;

/** A node's metrics tell of the whole, a pod's of its containers. */
interface Metrics extends KubeObject {
  readonly usage?: Measured;
  readonly containers?: readonly { readonly usage: Measured }[];
}

function amountOf(item: KubeObject): Amount {
  const { usage, containers = [] } = item as Metrics;
  const parts = usage ? [usage] : containers.map((each) => each.usage);
  return {
    cpuMilli: parts.reduce((sum, { cpu }) => sum + milliUnits(cpu), 0),
    memoryBytes: parts.reduce((sum, { memory }) => sum + wholeUnits(memory), 0),
  };
}

/** Whether a measurement says nothing new. */
export function sameUsage(a: Usage | undefined, b: Usage): boolean {
  if (a?.id !== b.id || a.byKey.size !== b.byKey.size) return false;
  for (const [key, { cpuMilli, memoryBytes }] of b.byKey) {
    const other = a.byKey.get(key);
    if (other?.cpuMilli !== cpuMilli || other.memoryBytes !== memoryBytes) return false;
  }
  return true;
}

/** What an object was last measured to use; undefined where nobody has measured it. */
export function usageAt({ ref }: Kind, object: KubeObject, { usage }: World): Amount | undefined {
  return usage?.id.startsWith(`${resourceId(ref)} `) ? usage.byKey.get(keyOf(object)) : undefined;
}

type PodSpec = Parameters<typeof podAmounts>[0];
type Side = 'requests' | 'limits';

const known: Readonly<Record<Side, WeakMap<PodSpec, Amount>>> = {
  requests: new WeakMap(),
  limits: new WeakMap(),
};

/** What a pod asks for, or may use at most; 0 of what it says nothing of. Worked out once a spec. */
export function podAmount(pod: KubeObject, side: Side): Amount {
  const { spec } = pod as { spec?: PodSpec };
  if (!spec) return { cpuMilli: 0, memoryBytes: 0 };
  let amount = known[side].get(spec);
  if (!amount) {
    const amounts = podAmounts(spec, side);
    amount = { cpuMilli: units(amounts, 'cpu', -3), memoryBytes: units(amounts, 'memory', 0) };
    known[side].set(spec, amount);
  }
  return amount;
}

function units(amounts: Amounts, name: string, scale: number): number {
  const quantity = amounts.get(name);
  return quantity ? Number(scaledValue(quantity, scale)) : 0;
}
