import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import { elapsed } from '../text-time.ts';
import type { PageView } from '../view.ts';
import type { World } from '../world.ts';

/** Key of the row that leads out of a copy. */
export const CLUSTER = 'cluster';

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'CONTEXT' },
  { name: 'REV', align: 'right' },
  { name: 'TIME', align: 'right' },
  { name: 'SERVER' },
  { name: 'KUBECONFIG', flexible: true, keepsEnd: true },
];

/** What can be looked at: the cluster, and the copy that was made of it. The one that is looked at has a mark. */
export function contextsListing(
  view: PageView,
  world: World,
  { play }: { readonly play: string },
): Listing {
  const { elapsedMs } = world.control.clock();
  const copyOf = view.subject?.key ?? '';
  const access = world.access();
  const seen = [String(world.control.revision()), elapsed(elapsedMs)];
  const row = (key: string, name: string, isSeen: boolean): Row => ({
    key,
    cells: [
      isSeen ? play : '',
      name,
      ...(isSeen ? seen : ['', '']),
      key === CLUSTER ? (access?.url ?? '') : '',
      key === CLUSTER ? (access?.kubeconfig ?? '') : '',
    ],
    tone: isSeen ? 'title' : 'normal',
  });
  const rows = [
    row(CLUSTER, 'cluster', copyOf === ''),
    ...(copyOf === '' ? [] : [row('copy', `copy of ${copyOf}`, true)]),
  ];
  return listingOf('contexts', COLUMNS, rows, view);
}
