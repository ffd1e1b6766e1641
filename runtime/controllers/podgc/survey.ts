import { clusters } from '../../../generated/cluster/v1/resources.ts';
import { nodes, pods } from '../../../generated/core/v1/resources.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import type { SortedMap } from '../../base/index.ts';
import { type ControllerDeps, listerOf, type ReconcileContext } from '../../client/index.ts';
import { isDeleting, isNotFound, keyOf, type WatchEvent } from '../../meta/index.ts';
import { type Grid, gridAt } from '../grid.ts';
import { hasPodEnded } from '../pods.ts';
import { podsByNode } from '../pods-by-node.ts';
import {
  beyondThreshold,
  garbageSorts,
  isOutOfService,
  TERMINATED,
  UNSCHEDULED,
} from './decide.ts';

const PERIOD_MS = 20_000;
/** How long a node must be missing before its pods count as orphans. */
const QUARANTINE_MS = 40_000;
const THRESHOLD = 12_500;

const BY_SORT = 'garbage';
const NODE = 'node/';
const OUT_OF_SERVICE = 'out-of-service/';
const NOTHING: readonly string[] = [];

/** What is carried over to a fork. */
export interface State {
  readonly startMs: number;
  /** By name: when a missing node counts as gone. */
  readonly goneAtMs: SortedMap<number>;
}

/** Finds garbage through indexes: which keys an event concerns, and which pods a key stands for. */
export class Survey {
  readonly #grid: Grid;
  readonly #goneAtMs: SortedMap<number>;
  readonly #deps: ControllerDeps;
  readonly #podsOn: (node: string) => readonly Pod[];

  constructor(deps: ControllerDeps, { startMs, goneAtMs }: State) {
    this.#grid = { startMs, periodMs: PERIOD_MS };
    this.#goneAtMs = goneAtMs;
    this.#deps = deps;
    deps.transport.addIndex<Pod>(pods, BY_SORT, garbageSorts);
    this.#podsOn = podsByNode(deps);
  }

  keysOfPod({ object }: WatchEvent<Pod>): readonly string[] {
    const name = object.spec?.nodeName;
    const found = hasPodEnded(object) ? [...this.keysOfThreshold()] : [];
    if (!name) return isDeleting(object) ? [...found, `${UNSCHEDULED}/${keyOf(object)}`] : found;
    const node = this.#node(name);
    if (!node) found.push(NODE + name);
    else if (isDeleting(object) && isOutOfService(node)) found.push(OUT_OF_SERVICE + name);
    return found;
  }

  keysOfNode({ type, object }: WatchEvent<Node>): readonly string[] {
    const name = object.metadata.name ?? '';
    if (type === 'DELETED') return this.#podsOn(name).length > 0 ? [NODE + name] : NOTHING;
    return isOutOfService(object) ? [OUT_OF_SERVICE + name] : NOTHING;
  }

  /** The key of ended pods, when there are more than the threshold allows. */
  keysOfThreshold(): readonly string[] {
    const threshold = this.#threshold();
    const count = listerOf(this.#deps, pods).countIndex(BY_SORT, TERMINATED);
    return threshold > 0 && count > threshold ? [TERMINATED] : NOTHING;
  }

  /** The pods to delete now, or the moment at which to look again. */
  async garbage(key: string, context: ReconcileContext): Promise<readonly Pod[] | number> {
    if (isOfMissingNode(key)) return this.#orphans(key.slice(NODE.length), context);
    const atMs = gridAt(this.#grid, context.now());
    if (atMs > context.now()) return atMs;
    const lister = listerOf(this.#deps, pods);
    if (key === TERMINATED)
      return beyondThreshold(lister.byIndex(BY_SORT, TERMINATED), this.#threshold());
    if (key.startsWith(OUT_OF_SERVICE)) {
      const name = key.slice(OUT_OF_SERVICE.length);
      const node = this.#node(name);
      return node && isOutOfService(node) ? this.#podsOn(name).filter(isDeleting) : [];
    }
    const pod = lister.byKey(key.slice(UNSCHEDULED.length + 1));
    return pod && garbageSorts(pod).includes(UNSCHEDULED) ? [pod] : [];
  }

  /** A node that is missing at the end of its quarantine is asked for once more, in case that the index is behind. */
  async #orphans(
    name: string,
    { client, now }: ReconcileContext,
  ): Promise<readonly Pod[] | number> {
    const onNode = this.#podsOn(name);
    if (this.#node(name) || onNode.length === 0) {
      this.#goneAtMs.delete(name);
      return [];
    }
    const atMs = this.#goneAtMs.get(name) ?? gridAt(this.#grid, now()) + QUARANTINE_MS;
    this.#goneAtMs.set(name, atMs);
    if (atMs > now()) return atMs;
    const isGone = await client.get(nodes, name).then(() => false, whenMissing);
    this.#goneAtMs.delete(name);
    return isGone ? onNode : [];
  }

  #node(name: string): Node | undefined {
    return listerOf(this.#deps, nodes).byKey(name);
  }

  #threshold(): number {
    const [cluster] = listerOf(this.#deps, clusters).list();
    return cluster?.spec?.controllerManager?.terminatedPodGCThreshold ?? THRESHOLD;
  }
}

export function isOfMissingNode(key: string): boolean {
  return key.startsWith(NODE);
}

function whenMissing(error: unknown): boolean {
  if (isNotFound(error)) return true;
  throw error;
}
