/**
 * What the real controllers did with the recorded inputs, asked of ours: each case on a cluster of its own in virtual time,
 * on the recording's simulated nodes rather than ours, so that only the control plane is compared.
 *
 * Invariant: a snapshot counts only if every object of its kinds is equal; kinds that do not exist here are left out, and
 * cases that need one to be created are not played.
 */
import type { Cluster } from '../../../cluster/index.ts';
import { type AreaResult, sameJson, Tally } from '../report.ts';
import { type Case, type ExpectedEvent, type Observed, readCases, type Snapshot } from './cases.ts';
import { type Outcome, Player } from './player.ts';

export async function replayControllers(
  dir: string,
  newCluster: () => Promise<Cluster>,
): Promise<AreaResult> {
  const tally = new Tally('controllers');
  for (const each of await readCases(dir)) {
    const cluster = await newCluster();
    if (!isPlayable(each, cluster)) continue;
    try {
      compare(each, await new Player(cluster).play(each), tally);
    } catch (error) {
      const actual = error instanceof Error ? error.message : String(error);
      tally.add({ id: each.id, expected: 'to be played', actual, cause: 'broke off' });
    }
  }
  return tally.result();
}

function isPlayable({ inputs }: Case, { kinds, server }: Cluster): boolean {
  const known = new Set(kinds.map(({ ref }) => ref.kind));
  const pod = server.schemas.kinds.find(({ kind }) => kind === 'Pod');
  const canEvict = pod?.subresources.others?.eviction !== undefined;
  return inputs.steps.every(
    ({ create, kinds: shown, merge, mergeEach, minute, evict, evictFirst }) => {
      if ((evict || evictFirst) && !canEvict) return false;
      const named = merge?.split('/')[0] ?? mergeEach;
      if (minute !== undefined || (create && !known.has(create.kind))) return false;
      if (named !== undefined && !known.has(named)) return false;
      return shown === undefined || shown.some((kind) => known.has(kind));
    },
  );
}

function compare({ id, expected }: Case, outcome: Outcome, tally: Tally): void {
  const stuck = outcome.stuckAt ? { stuckAt: outcome.stuckAt } : {};
  for (const [name, snapshot] of Object.entries(expected.snapshots)) {
    const actual = outcome.snapshots[name] ?? {};
    const wanted =
      outcome.stuckAt && !outcome.snapshots[name] ? snapshot : likeOurs(snapshot, actual);
    const ours = likeTheirs(actual, snapshot);
    tally.add(
      sameJson(wanted, ours)
        ? undefined
        : { id: `${id}:${name}`, expected: wanted, actual: { ...ours, ...stuck }, cause: id },
    );
  }
  if (expected.results) tally.equal(`${id}:results`, expected.results, outcome.results);
  if (expected.observed) addObserved(id, expected.observed, outcome.observed, tally);
  addEvents(id, expected, outcome.events, tally);
}

/** The kinds of a snapshot that exist here. */
function likeOurs(snapshot: Snapshot, actual: Snapshot): Snapshot {
  return sorted(Object.fromEntries(Object.entries(snapshot).filter(([kind]) => kind in actual)));
}

/** Without the fields that a recording left out where nothing depended on them; what is equal then is counted together. */
function likeTheirs(actual: Snapshot, snapshot: Snapshot): Snapshot {
  const shown = Object.entries(actual).map(([kind, objects]) => {
    const fields = new Set((snapshot[kind] ?? []).flatMap((each) => Object.keys(each)));
    const optional = kind === 'Node' ? ['podCIDR'] : kind === 'Pod' ? ['image', 'node'] : [];
    const kept = objects.map((object) =>
      Object.fromEntries(
        Object.entries(object).filter(([key]) => fields.has(key) || !optional.includes(key)),
      ),
    );
    return [kind, kind === 'Pod' ? counted(kept) : kept];
  });
  return sorted(Object.fromEntries(shown));
}

function counted(pods: readonly Readonly<Record<string, unknown>>[]): object[] {
  const counts = new Map<string, number>();
  for (const { count, ...pod } of pods) {
    const text = JSON.stringify(pod);
    counts.set(text, (counts.get(text) ?? 0) + Number(count));
  }
  return [...counts].map(([text, count]) => ({ count, ...(JSON.parse(text) as object) }));
}

function sorted(snapshot: Snapshot): Snapshot {
  const textOf = (object: object): string => {
    const entries = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(entries);
  };
  return Object.fromEntries(
    Object.entries(snapshot).map(([kind, objects]) => [
      kind,
      [...objects].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)),
    ]),
  );
}

/** Pods are watched from outside: a small difference in timing counts as the same. */
function addObserved(id: string, expected: Observed, actual: Observed, tally: Tally): void {
  const within = (
    range: readonly [number, number] | undefined,
    got: readonly [number, number] | undefined,
  ) => range === undefined || (got !== undefined && got[0] >= range[0] && got[0] <= range[1]);
  const same =
    (expected.maxWanted === undefined || expected.maxWanted === actual.maxWanted) &&
    within(expected.maxPods, actual.maxPods) &&
    within(expected.maxWithTerminating, actual.maxWithTerminating) &&
    within(expected.minReady, actual.minReady);
  tally.add(same ? undefined : { id: `${id}:observed`, expected, actual, cause: 'observed' });
}

/** Components that were renamed since the recording. */
const RENAMED: Readonly<Record<string, string>> = {
  'taint-controller': 'taint-eviction-controller',
};

/** An event in words that both versions share: since the recording, scaling says "from 3 to 4" for "to 4 from 3". */
function current({ message, ...event }: ExpectedEvent): ExpectedEvent {
  const shared = message
    .replace(/ from \d+ to (\d+)$/, ' to $1')
    .replace(/ to (\d+) from \d+$/, ' to $1');
  return { ...event, message: shared };
}

/** Every recorded event must be there, and no reason that is not recorded. */
function addEvents(
  id: string,
  { events, eventReasons }: Case['expected'],
  actual: readonly ExpectedEvent[],
  tally: Tally,
): void {
  const counts = ({ kind, name, reason }: ExpectedEvent): boolean => {
    if (reason === 'CIDRAssignmentFailed' || kind === 'PersistentVolume') return false;
    return kind !== 'Node' || (id.startsWith('node-') && name !== '<node>');
  };
  const about = actual.filter(counts);
  const wanted = events
    .filter(counts)
    .map((each) => ({ ...each, from: RENAMED[each.from] ?? each.from }));
  const missing = wanted.filter(
    (each) => !about.some((got) => sameJson(current(got), current(each))),
  );
  // Every pod on a node was scheduled, be it that only one of the two recordings kept it.
  const reasons = new Set([
    'Pod Scheduled',
    ...eventReasons,
    ...events.map(({ kind, reason }) => `${kind} ${reason}`),
  ]);
  const extra = about.filter(({ kind, reason }) => !reasons.has(`${kind} ${reason}`));
  tally.add(
    missing.length === 0 && extra.length === 0
      ? undefined
      : {
          id: `${id}:events`,
          expected: missing,
          actual: extra.length > 0 ? extra : about,
          cause: 'events',
        },
  );
}
