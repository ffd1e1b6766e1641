import {
  controllerOf,
  humanDuration,
  type KubeObject,
  keyOf,
  parseTime,
  resourceId,
} from '../../meta/index.ts';
import { type Field, fieldLines, fieldOf, labelOf, leaf, ruledTable } from './describe-fields.ts';
import { podScope } from './drill.ts';
import { kindListing } from './kind-list.ts';
import { type Line, span, type Tone } from './text.ts';
import { longTime } from './text-time.ts';
import { isBroken } from './tones.ts';
import { tableView } from './view.ts';
import { type Kind, kindById, kindByName, type World } from './world.ts';

const PODS_MAX = 100;
const EVENTS_MAX = 200;

interface Condition {
  readonly type: string;
  readonly status: string;
}

/**
 * An object as `kubectl describe` shows one, made from the object itself: who it is, its fields by their API names, what
 * spec and status say of the same thing side by side, conditions, its pods where it has some, and its events.
 */
export function describeLines(
  kind: Kind,
  object: KubeObject,
  world: World,
  columns: number,
): readonly Line[] {
  const { spec = {}, status = {} } = object as { spec?: object; status?: object };
  const { conditions = [], ...state } = status as { conditions?: readonly Condition[] };
  const body = bodyFields(kind, object, spec, state);
  const [flat, nested] = [body.filter(isFlat), body.filter((each) => !isFlat(each))];
  return [
    ...fieldLines([...identity(kind, object, world), ...flat], columns),
    ...fieldLines(nested, columns),
    ...conditionLines(conditions, columns),
    ...podLines(kind, object, world, columns),
    ...eventLines(object, world, columns),
  ];
}

function isFlat({ below }: Field): boolean {
  return below.length === 0;
}

function identity(kind: Kind, object: KubeObject, world: World): readonly Field[] {
  const { metadata } = object;
  const owner = controllerOf(object);
  const source = world.control.sourceOf(resourceId(kind.ref), keyOf(object));
  const born = metadata.creationTimestamp;
  const deleted = metadata.deletionTimestamp;
  return [
    leaf('Name', metadata.name ?? ''),
    ...(metadata.namespace ? [leaf('Namespace', metadata.namespace)] : []),
    ...(born ? [leaf('Created', longTime(parseTime(born)))] : []),
    ...(deleted ? [leaf('Deleting Since', longTime(parseTime(deleted)))] : []),
    ...(source ? [leaf('Manifest', `${source.file}:${source.line}:${source.column}`)] : []),
    leaf('Labels', ...pairs(metadata.labels, '=')),
    leaf('Annotations', ...pairs(metadata.annotations, ': ')),
    ...(owner ? [leaf('Controlled By', `${owner.kind}/${owner.name}`)] : []),
  ];
}

function pairs(map: Readonly<Record<string, string>> | undefined, between: string): string[] {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return ['<none>'];
  return entries.map(([key, value]) => `${key}${between}${value.replaceAll('\n', ' ')}`);
}

function bodyFields(kind: Kind, object: KubeObject, spec: object, status: object): Field[] {
  const {
    apiVersion: _,
    kind: __,
    metadata: ___,
    spec: ____,
    status: _____,
    ...rest
  } = {
    spec,
    status,
    ...object,
  };
  const merged = { ...joined(spec, status), ...hidden(kind, rest) };
  const replicas = replicaField(spec, status);
  const fields = Object.entries(merged).flatMap(([name, value]) =>
    replicas && isReplicaCount(name) ? [] : (fieldOf(name, value) ?? []),
  );
  return replicas ? [replicas, ...fields] : fields;
}

/** Spec and status as one: `containers` of the spec take in `containerStatuses` of the status, by name. */
function joined(spec: object, status: object): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...spec };
  for (const [name, value] of Object.entries(status)) {
    const list = `${name.replace(/Statuses$/, '')}s`;
    const items = fields[list];
    if (name.endsWith('Statuses') && Array.isArray(items) && Array.isArray(value))
      fields[list] = items.map((item) => joinedItem(item, value));
    else fields[name in fields ? `${name}InStatus` : name] = value;
  }
  return fields;
}

function joinedItem(item: { name?: string }, statuses: readonly { name?: string }[]): object {
  const status = statuses.find(({ name }) => name === item.name);
  return status ? { ...status, ...item } : item;
}

/** Values that are not for the eyes of whoever looks over a shoulder are shown by their size, as kubectl does. */
function hidden({ ref }: Kind, fields: { data?: Record<string, string> }): object {
  if (ref.group !== '' || ref.resource !== 'secrets') return fields;
  const sizes = Object.entries(fields.data ?? {}).map(([key, value]) => [
    key,
    `${byteLength(value)} bytes`,
  ]);
  return { ...fields, data: Object.fromEntries(sizes) };
}

function byteLength(base64: string): number {
  const { length } = base64.replace(/[^A-Za-z0-9+/]/g, '');
  return Math.floor((length * 3) / 4);
}

function isReplicaCount(name: string): boolean {
  return name === 'replicas' || name === 'replicasInStatus' || name.endsWith('Replicas');
}

/** `3 desired | 2 updated | 3 total | 2 available | 1 unavailable`, of whatever counts its replicas. */
function replicaField(spec: object, status: object): Field | undefined {
  if (!('replicas' in spec) || typeof spec.replicas !== 'number') return undefined;
  const parts = [`${spec.replicas} desired`];
  for (const [name, value] of Object.entries(status)) {
    if (typeof value !== 'number' || !isReplicaCount(name)) continue;
    const word =
      name === 'replicas' ? 'total' : labelOf(name.replace(/Replicas$/, '')).toLowerCase();
    parts.push(`${value} ${word}`);
  }
  return leaf('Replicas', parts.join(' | '));
}

function conditionLines(conditions: readonly Condition[], columns: number): readonly Line[] {
  if (conditions.length === 0) return [];
  const optional = ['reason', 'message'].filter((name) => conditions.some((each) => name in each));
  const rows = conditions.map((each) => [
    each.type,
    each.status,
    ...optional.map((name) => String((each as unknown as Record<string, unknown>)[name] ?? '')),
  ]);
  const heads = ['Type', 'Status', ...optional.map(labelOf)];
  return [
    [span('Conditions:', 'key')],
    ...tableLines(heads, rows, columns, (at) =>
      conditions[at]?.status === 'Unknown' ? 'error' : 'normal',
    ),
  ];
}

function tableLines(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  toneOf: (row: number) => Tone,
): readonly Line[] {
  return ruledTable(heads, rows, columns).flatMap((lines, at) =>
    lines.map((line): Line => [span(line, at < 2 ? 'dim' : toneOf(at - 2))]),
  );
}

/** The pods that run on it, or that it selects, as `kubectl get pods` lists them. */
function podLines(kind: Kind, object: KubeObject, world: World, columns: number): readonly Line[] {
  const pods = kindByName(world, 'pods');
  const found = podScope(kind, object);
  if (!pods || !found) return [];
  const listing = kindListing(tableView('pods', found.namespace, found.scope), world);
  if (listing.count === 0) return [[span('Pods:', 'key'), span('  <none>')]];
  const rows = Array.from({ length: Math.min(PODS_MAX, listing.count) }, (_, at) =>
    listing.row(at),
  );
  const shown = listing.columns.flatMap(({ optional }, at) => (optional ? [] : [at]));
  const heads = shown.map((at) => listing.columns[at]!.name);
  const cells = rows.map((row) => shown.map((at) => row.cells[at] ?? ''));
  const more = listing.count - rows.length;
  return [
    [span('Pods:', 'key'), span(`  ${listing.count}`)],
    ...tableLines(heads, cells, columns, (at) => rows[at]?.tone ?? 'normal'),
    ...(more > 0 ? [[span(`  … and ${more} more`, 'dim')]] : []),
  ];
}

interface EventLike extends KubeObject {
  readonly involvedObject?: { readonly uid?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
}

function eventLines(object: KubeObject, world: World, columns: number): readonly Line[] {
  const events = eventsOf(object, world);
  if (events.length === 0) return [[span('Events:', 'key'), span('  <none>')]];
  const { nowMs } = world.control.clock();
  const rows = events.map((event) => [
    event.type ?? '',
    event.reason ?? '',
    eventAge(event, nowMs),
    event.source?.component ?? event.reportingComponent ?? '',
    (event.message ?? '').trim().replaceAll('\n', ' '),
  ]);
  const heads = ['Type', 'Reason', 'Age', 'From', 'Message'];
  const isBad = ({ type, reason = '' }: EventLike): boolean =>
    type === 'Warning' || isBroken(reason);
  return [
    [span('Events:', 'key')],
    ...tableLines(heads, rows, columns, (at) =>
      events[at] && isBad(events[at]) ? 'pending' : 'normal',
    ),
  ];
}

function eventsOf(object: KubeObject, world: World): readonly EventLike[] {
  const kind = kindById(world, 'events');
  if (!kind) return [];
  const { namespace = 'default', uid } = object.metadata;
  const found: readonly EventLike[] = world.lister(kind.ref).list(namespace);
  return found
    .filter(({ involvedObject }) => involvedObject?.uid === uid)
    .sort((a, b) => lastMs(a) - lastMs(b))
    .slice(-EVENTS_MAX);
}

function lastMs({ lastTimestamp, eventTime, firstTimestamp, metadata }: EventLike): number {
  return parseTime(lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp);
}

/** `3s`, or `3s (x4 over 1m)` for what happened again. */
function eventAge(event: EventLike, nowMs: number): string {
  const age = humanDuration(nowMs - lastMs(event));
  const { count = 1, firstTimestamp } = event;
  if (count < 2 || !firstTimestamp) return age;
  return `${age} (x${count} over ${humanDuration(nowMs - parseTime(firstTimestamp))})`;
}
