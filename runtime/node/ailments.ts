import { globPattern } from './behaviour-match.ts';
import type { Kubelets } from './kubelets.ts';

/** Which nodes: those that meet all that is named. */
export interface Place {
  /** A name, or a pattern in which `*` stands for any characters. */
  readonly node?: string;
  readonly zone?: string;
}

/** How much of a machine something beside the pods uses up: shares of what it has, 0 to 1. */
export interface Pressure {
  readonly memory?: number;
  readonly disk?: number;
  readonly pids?: number;
}

/** Which pods and containers: those that meet all that is named. */
export interface ProbeTarget {
  readonly probe: 'readiness' | 'liveness' | 'startup';
  readonly pod?: string;
  readonly namespace?: string;
  readonly container?: string;
}

/**
 * What has befallen machines, as data: the simulated kubelets and their containers behave accordingly for as long as it is in
 * the state. `off`: the machine stands still, and boots in the end. `cut`: the API server is out of reach.
 */
export type Ailment = {
  /** Whose it is, to end it. */
  readonly id: string;
  /** The journal's record of its beginning. */
  readonly record: number;
  readonly place: Place;
} & (
  | { readonly kind: 'off' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'pressure'; readonly pressure: Pressure }
  | { readonly kind: 'pull'; readonly image: string }
  | {
      readonly kind: 'probe';
      readonly target: ProbeTarget;
      readonly fromMs: number;
      /** Absent while it goes on. Kept for a while, as running containers remember how they answered. */
      readonly untilMs?: number;
    }
);

export type AilmentOf<K extends Ailment['kind']> = Extract<Ailment, { readonly kind: K }>;

const ZONE = 'topology.kubernetes.io/zone';

/** A name, or a pattern with `*`. */
export function named(pattern: string | undefined, name: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (!pattern.includes('*')) return pattern === name;
  return globPattern(pattern).test(name ?? '');
}

/** Whether a node is at a place. Where it is nobody knows before it is registered, unless a pool says so. */
export function isAt({ node, zone }: Place, name: string, { nodes, state }: Kubelets): boolean {
  if (!named(node, name)) return false;
  if (zone === undefined) return true;
  const labels = nodes.byKey(name)?.metadata?.labels ?? state.fleet.get(name)?.labels;
  return labels?.[ZONE] === zone;
}

/** What of one sort has befallen a node. Costs the number of ailments in the cluster, which is small. */
export function ailmentsOf<K extends Ailment['kind']>(
  kubelets: Kubelets,
  name: string,
  kind: K,
): readonly AilmentOf<K>[] {
  const { ailments } = kubelets.state;
  if (ailments.length === 0) return NONE;
  return ailments.filter(
    (each): each is AilmentOf<K> => each.kind === kind && isAt(each.place, name, kubelets),
  );
}

const NONE: readonly never[] = [];

/** Whether nothing is heard of a node, nor reaches it: its machine is off, or cut off. */
export function isSilent(kubelets: Kubelets, name: string): boolean {
  return isOff(kubelets, name) || isCut(kubelets, name);
}

/** Whether a node's machine stands still. */
export function isOff(kubelets: Kubelets, name: string): boolean {
  return ailmentsOf(kubelets, name, 'off').length > 0;
}

/** Whether a node and the API server do not hear of each other. */
export function isCut(kubelets: Kubelets, name: string): boolean {
  return ailmentsOf(kubelets, name, 'cut').length > 0;
}

/** What is used of a machine beside its pods: of several ailments the worst, resource by resource. */
export function pressureOn(kubelets: Kubelets, name: string): Pressure {
  const worst: { memory?: number; disk?: number; pids?: number } = {};
  for (const { pressure } of ailmentsOf(kubelets, name, 'pressure'))
    for (const key of ['memory', 'disk', 'pids'] as const)
      if (pressure[key] !== undefined) worst[key] = Math.max(worst[key] ?? 0, pressure[key]);
  return worst;
}

/** What a machine says on which nothing listens. */
export const REFUSED = 'connect: connection refused';

/** How a connection to the kubelet of a node fails; undefined where it does not. */
export function unreachable(kubelets: Kubelets, name: string): string | undefined {
  if (ailmentsOf(kubelets, name, 'off').length > 0) return 'connect: no route to host';
  if (ailmentsOf(kubelets, name, 'cut').length > 0) return 'i/o timeout';
  return kubelets.state.nodes.has(name) ? undefined : REFUSED;
}
