import type { ComponentState } from '../../../client/index.ts';
import { humanDuration } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import type { World } from '../world.ts';

const SLEEPERS_MAX = 500;
/** Newest records that a component's rates are counted over. */
const RECENT_MAX = 5000;

const SLEEPER_COLUMNS: readonly Column[] = [
  { name: 'WAKES IN', align: 'right' },
  { name: 'COMPONENT' },
  { name: 'FOR' },
  { name: 'KEY', flexible: true },
];

/** Who sleeps until when: the next moments of virtual time at which something happens. */
export function sleepersListing(view: PageView, world: World): Listing {
  const { nowMs } = world.control.clock();
  const rows = world.control.sleepers(SLEEPERS_MAX).map(
    ({ actor, key, atMs, kind, order }): Row => ({
      key: order,
      cells: [humanDuration(atMs - nowMs), actor, kind, key.replaceAll('\0', ' ')],
      tone: kind === 'work' ? 'pending' : 'normal',
    }),
  );
  return listingOf('sleepers', SLEEPER_COLUMNS, rows, view);
}

const QUEUE_COLUMNS: readonly Column[] = [
  { name: 'COMPONENT', cap: 30 },
  { name: 'STATE' },
  { name: 'DEPTH', align: 'right' },
  { name: 'RETRYING', align: 'right' },
  { name: 'BACK-OFF', align: 'right' },
  { name: 'RUNS', align: 'right', expendable: 2 },
  { name: 'ERRORS', align: 'right', expendable: 1 },
  { name: 'AGAIN', align: 'right', expendable: 3 },
  { name: 'PARTS OF THE QUEUE, HOT KEY', flexible: true },
];

/** Per component: work that waits, is retried or backs off, and what it lately did most. */
export function queuesListing(view: PageView, world: World): Listing {
  const { nowMs } = world.control.clock();
  const recent = recentWork(world);
  const wakeups = nextWork(world);
  const rows = byActivity(world.control.components(), recent).map(
    ({ name, depth, ready, retrying, parts }): Row => {
      const { reconciles = 0, errors = 0, requeues = 0, hottest = '' } = recent.get(name) ?? {};
      const next = wakeups.get(name);
      const waits = Object.entries(parts ?? {}).flatMap(([part, count]) =>
        count > 0 ? [`${part} ${count}`] : [],
      );
      const busy = ready || depth > 0;
      return {
        key: name,
        cells: [
          name,
          busy ? 'working' : retrying > 0 ? 'backing off' : 'resting',
          String(depth),
          String(retrying),
          next === undefined ? '-' : humanDuration(next - nowMs),
          String(reconciles),
          String(errors),
          String(requeues),
          [...waits, hottest].filter(Boolean).join('  '),
        ],
        tone: errors > 0 && retrying > 0 ? 'error' : busy || retrying > 0 ? 'pending' : 'normal',
      };
    },
  );
  return listingOf('queues', QUEUE_COLUMNS, rows, view);
}

/** Those with work first, then those that lately had most. */
function byActivity(
  components: readonly ComponentState[],
  recent: ReadonlyMap<string, Recent>,
): readonly ComponentState[] {
  const weight = ({ ready, depth, retrying }: ComponentState): number =>
    Number(ready || depth > 0) * 2 + Number(retrying > 0);
  const runs = ({ name }: ComponentState): number => recent.get(name)?.reconciles ?? 0;
  return components.toSorted((a, b) => weight(b) - weight(a) || runs(b) - runs(a));
}

interface Recent {
  reconciles: number;
  errors: number;
  requeues: number;
  hottest: string;
}

function recentWork(world: World): ReadonlyMap<string, Recent> {
  const found = new Map<string, Recent>();
  const keys = new Map<string, Map<string, number>>();
  for (const record of world.control.journal(RECENT_MAX)) {
    if (record.type !== 'reconcile') continue;
    const { component, key, outcome } = record;
    const recent = found.get(component) ?? { reconciles: 0, errors: 0, requeues: 0, hottest: '' };
    recent.reconciles++;
    if (outcome === 'error') recent.errors++;
    if (outcome === 'requeue') recent.requeues++;
    found.set(component, recent);
    const counts = keys.get(component) ?? new Map<string, number>();
    counts.set(key, (counts.get(key) ?? 0) + 1);
    keys.set(component, counts);
  }
  for (const [component, counts] of keys) {
    const [key, count] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most));
    found.get(component)!.hottest = count > 1 ? `${key} x${count}` : '';
  }
  return found;
}

/** When each component next wakes for work, as opposed to what it does now and then anyway. */
function nextWork(world: World): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { actor, atMs, kind } of world.control.sleepers(SLEEPERS_MAX))
    if (kind === 'work' && !found.has(actor)) found.set(actor, atMs);
  return found;
}
