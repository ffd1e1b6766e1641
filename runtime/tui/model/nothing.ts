import type { Listing } from './listing.ts';
import type { ListPage } from './message.ts';
import type { ListView, PageView, TableView } from './view.ts';
import { kindById, type World } from './world.ts';

/** Why a page has no rows, and what would give it some. */
const PAGES: Partial<Record<ListPage, string>> = {
  timeline: 'nothing has been done yet',
  sleepers: 'nobody waits for a moment to come',
  queues: 'no component has had work yet',
  faults: 'nothing goes wrong: :fault node=NAME+10m and the like make it',
  changes: 'nothing is different from the cluster',
  outcomes: 'all came out as the manifests want',
  forwards: 'no port is forwarded: F on a pod, a workload or a service forwards one',
  'used-by': 'nothing names it in its spec',
  diff: 'no manifest says anything of it',
  flows: 'there are no services',
  xray: 'there are none of this kind',
  can: 'nothing is allowed',
  watches: 'nobody follows anything',
  dir: 'the folder is empty',
};

/** What stands in the place of rows where there are none. */
export function emptyText({ total }: Listing, view: ListView, world: World): string {
  if (total > 0 && view.filter !== '') return 'nothing matches the filter: esc clears it';
  if (view.faults) return goalText(view);
  return view.type === 'page' ? (PAGES[view.page] ?? 'nothing here yet') : noneText(view, world);
}

function goalText(view: TableView | PageView): string {
  const all =
    view.type === 'page' && view.page === 'diff' ? 'no field differs' : 'all are at their goals';
  return `${all}: ctrl-z shows them`;
}

function noneText({ resource, namespace, scope }: TableView, world: World): string {
  const name = kindById(world, resource)?.ref.resource ?? resource;
  if (scope) return `no ${name} of ${scope.title}`;
  return namespace === '' ? `no ${name} yet` : `no ${name} in ${namespace}: 0 shows all namespaces`;
}
