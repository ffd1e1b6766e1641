import { type KubeObject, keyOf, resourceId, tableColumns, tableRow } from '../../../meta/index.ts';
import type { Glyphs } from '../../theme.ts';
import { ownedByUid } from '../dependents.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import { referencedKey, referencesOf } from '../references.ts';
import type { Tone } from '../text.ts';
import { goalOf, rowTone } from '../tones.ts';
import type { PageView } from '../view.ts';
import { type Kind, kindById, objectAt, shortName, type World } from '../world.ts';
import type { PodLike } from './containers.ts';
import { type Branch, treeRows } from './tree.ts';

const COLUMNS: readonly Column[] = [
  { name: 'TREE' },
  { name: 'STATUS' },
  { name: 'WAITING FOR', flexible: true, unlessEmpty: true },
];
/** Of a table's columns, those that say how something is. */
const SAYING = new Set(['Status', 'Data', 'Type', 'Cluster-IP']);

interface Item {
  readonly name: string;
  readonly status: string;
  readonly waitingFor: string;
  readonly tone: Tone;
}

/** Everything of one kind as trees: what it owns, and of pods their containers and what they name. */
export function xrayListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const { resource = '', key: namespace = '' } = view.subject ?? {};
  const kind = kindById(world, resource);
  const roots = kind ? world.lister(kind.ref).list(namespace === '' ? undefined : namespace) : [];
  const branches = kind ? roots.map((object) => objectBranch(kind, object, '', world)) : [];
  const rows = treeRows(branches, new Set(view.folded), glyphs).map(
    ({ key, lead, item }): Row => ({
      key,
      cells: [`${lead}${item.name}`, item.status, item.waitingFor],
      tone: item.tone,
    }),
  );
  const where = kind?.ref.namespaced ? namespace || 'all' : 'cluster';
  return listingOf(`xray ${kind?.ref.resource ?? resource}(${where})`, COLUMNS, rows, view);
}

/** `path` makes the keys of what stands at several places differ. */
function objectBranch(kind: Kind, object: KubeObject, path: string, world: World): Branch<Item> {
  const key = `${resourceId(kind.ref)} ${keyOf(object)}${path === '' ? '' : ` ${path}`}`;
  return {
    key,
    item: itemOf(kind, object, world),
    below: () => {
      const { uid = '' } = object.metadata;
      const owned = (ownedByUid(world).get(uid) ?? []).map((each) =>
        objectBranch(each.kind, each.object, uid, world),
      );
      const isPod = kind.ref.group === '' && kind.ref.resource === 'pods';
      return isPod ? [...owned, ...containers(object, key), ...named(object, world)] : owned;
    },
  };
}

function itemOf(kind: Kind, object: KubeObject, world: World): Item {
  const columns = tableColumns(kind.descriptor).filter(({ name }) => SAYING.has(name));
  const cells = tableRow(kind.descriptor, object, world.control.clock().nowMs, columns);
  const { want, have = 0, waitingFor = '' } = goalOf(kind, object);
  const numbers = want === undefined ? [] : [`${have}/${want}`];
  return {
    name: `${shortName(kind)}/${object.metadata.name}`,
    status: [...numbers, ...cells.filter((cell) => cell !== '')].join(' '),
    waitingFor,
    tone: rowTone(kind, object, cells),
  };
}

function containers(pod: PodLike, podKey: string): readonly Branch<Item>[] {
  return (pod.spec?.containers ?? []).map(({ name, image = '' }) => {
    const status = pod.status?.containerStatuses?.find((each) => each.name === name);
    const ready = status?.ready ?? false;
    const item: Item = {
      name: `container/${name}`,
      status: image,
      waitingFor: status?.state?.waiting?.reason ?? '',
      tone: ready ? 'normal' : 'pending',
    };
    return { key: `${podKey} ${name}`, item, below: () => [] };
  });
}

/** What a pod names: its config maps, secrets, claims, service account, each once. */
function named(pod: KubeObject, world: World): readonly Branch<Item>[] {
  const { namespace, uid = '' } = pod.metadata;
  const seen = new Set<string>();
  return referencesOf(pod).flatMap((reference): Branch<Item>[] => {
    const { resource, name } = reference;
    const kind = kindById(world, resource);
    const key = referencedKey(reference, namespace, world);
    if (!kind || seen.has(`${resource} ${key}`)) return [];
    seen.add(`${resource} ${key}`);
    const object = objectAt(world, resource, key);
    if (object) {
      const item = itemOf(kind, object, world);
      return [{ key: `${resource} ${key} ${uid}`, item, below: () => [] }];
    }
    const item: Item = {
      name: `${shortName(kind)}/${name}`,
      status: 'missing',
      waitingFor: reference.path,
      tone: 'error',
    };
    return [{ key: `${resource} ${key} ${uid}`, item, below: () => [] }];
  });
}
