import type { Forward } from '../../../client/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import type { World } from '../world.ts';

const COLUMNS: readonly Column[] = [
  { name: 'NAMESPACE', expendable: 1 },
  { name: 'POD', keepsBoth: true },
  { name: 'CONTAINER', expendable: 2 },
  { name: 'PORT', align: 'right' },
  { name: 'URL', flexible: true },
  { name: 'OPEN', align: 'right' },
  { name: 'TOTAL', align: 'right' },
];

/** Ports of this machine that lead to pods; to one, where the page is about it. */
export function forwardsListing(view: PageView, world: World): Listing {
  const { key } = view.subject ?? {};
  const all = world.pods()?.forwards.list() ?? [];
  const rows = all
    .filter(({ namespace, name }) => key === undefined || key === `${namespace}/${name}`)
    .map(rowOf);
  return listingOf(`port-forwards(${key ?? 'all'})`, COLUMNS, rows, view);
}

function rowOf(forward: Forward): Row {
  const { id, namespace = '', name, container, port, localPort, address, active, total } = forward;
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    key: id,
    cells: [
      namespace,
      name,
      container,
      String(port),
      `http://${host}:${localPort}`,
      String(active),
      String(total),
    ],
    tone: forward.trouble ? 'error' : active > 0 ? 'ok' : 'normal',
    ...(forward.trouble ? { detail: forward.trouble } : {}),
  };
}
