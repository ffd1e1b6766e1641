import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import type { ControllerDeps, Lister } from '../../client/index.ts';
import { controllerOf, labelMatcher, type WatchEvent } from '../../meta/index.ts';
import { targetNode } from './placement.ts';
import { type DaemonSetState, type Survey, type Surveyor, surveyed } from './survey.ts';

const BY_TARGET = 'daemonset/target';
const NONE: readonly string[] = [];

/** The survey of one DaemonSet, and what it was made for. */
interface Kept {
  readonly uid: string | undefined;
  readonly spec: DaemonSet['spec'];
  readonly hash: string;
  readonly surveyor: Surveyor;
}

/** What happened since a DaemonSet was last surveyed. */
interface News {
  /** Nodes that changed, or whose pods did. */
  readonly nodes: Set<string>;
  /** A pod came that is to be taken, or one is to be let go. */
  claims: boolean;
}

interface Sources {
  readonly nodes: Lister<Node>;
  /** All pods that name `uid` as their controller. */
  podsOf(uid: string): readonly Pod[];
}

/**
 * The surveys of all DaemonSets, kept by what changes: a look costs the nodes that changed and those that are open. A first
 * look, another template or another revision costs all nodes and pods. Derived from the API, so that a fork needs no copy.
 */
export class Surveys {
  readonly #kept = new Map<string, Kept>();
  readonly #news = new Map<string, News>();
  readonly #sources: Sources;
  readonly #pods: Lister<Pod>;

  constructor(transport: ControllerDeps['transport'], sources: Sources) {
    transport.addIndex<Pod>(pods, BY_TARGET, targets);
    this.#pods = transport.lister(pods);
    this.#sources = sources;
  }

  /** A pod of the DaemonSet `key`, or one that it may take, changed. */
  notePod(key: string, set: DaemonSet | undefined, { object, previous }: WatchEvent<Pod>): void {
    const news = this.#news.get(key);
    if (!news || !set) return;
    for (const pod of [object, previous]) {
      const node = pod && targetNode(pod);
      if (node !== undefined) news.nodes.add(node);
    }
    const isSelected = labelMatcher(set.spec?.selector)(object.metadata.labels ?? {});
    if (!isSelected || !controllerOf(object)) news.claims = true;
  }

  noteNode(name: string): void {
    for (const { nodes } of this.#news.values()) nodes.add(name);
  }

  /** Whether there may be pods to take or to let go; true until `claimed` says that it was done. */
  hasClaims(key: string, { spec, metadata }: DaemonSet): boolean {
    const kept = this.#kept.get(key);
    const isKnown = kept?.spec === spec && kept?.uid === metadata.uid;
    return !isKnown || (this.#news.get(key)?.claims ?? true);
  }

  claimed(key: string): void {
    const news = this.#news.get(key);
    if (news) news.claims = false;
  }

  look(key: string, state: DaemonSetState): Survey {
    const { uid, spec, hash, surveyor } = this.#keptFor(key, state);
    const news = this.#news.get(key)!;
    for (const name of new Set([...news.nodes, ...surveyor.due])) {
      const there = this.#pods.byIndex(BY_TARGET, target(uid ?? '', name));
      surveyor.look(state, name, this.#sources.nodes.byKey(name), there);
    }
    news.nodes.clear();
    this.#kept.set(key, { uid, spec, hash, surveyor });
    return surveyor.result();
  }

  forget(key: string): void {
    this.#kept.delete(key);
    this.#news.delete(key);
  }

  #keptFor(key: string, state: DaemonSetState): Kept {
    const { daemonSet, hash } = state;
    const { spec } = daemonSet;
    const { uid } = daemonSet.metadata;
    const kept = this.#kept.get(key);
    if (kept && kept.uid === uid && kept.spec === spec && kept.hash === hash) return kept;
    const { nodes, podsOf } = this.#sources;
    this.#news.set(key, { nodes: new Set(), claims: false });
    return { uid, spec, hash, surveyor: surveyed(state, nodes.list(), podsOf(uid ?? '')) };
  }
}

function targets(pod: Pod): readonly string[] {
  const owner = controllerOf(pod);
  const node = owner?.kind === 'DaemonSet' ? targetNode(pod) : undefined;
  return owner && node !== undefined ? [target(owner.uid, node)] : NONE;
}

function target(uid: string, node: string): string {
  return `${uid}/${node}`;
}
