import { stepsOf, variable, WORD } from './cases.ts';

type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Uids that the cases themselves made up. */
const OURS = 'a0000000-';
const TIME = /^(\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const NAMESPACE = `o-${WORD}`;
/** What controllers write on objects of others. */
const FOREIGN_ANNOTATIONS = [
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
];
const DROPPED = new Set(['selfLink', 'storageVersionHash']);
const MESSAGES = new Set(['message', 'kubernetes.io/limit-ranger', 'kubernetes.io/description']);
const SYSTEM_MANAGERS = /^(kube-|slipway|controller|scheduler|kubelet)/;

/** What the answer is seen against. */
export interface View {
  /** All that was sent so far: addresses and ports named there are compared, others masked. */
  readonly sent: string;
  readonly managed?: boolean;
  readonly prefixes?: readonly string[];
}

function maskWord(text: string): string {
  return text
    .replaceAll(NAMESPACE, variable('ns'))
    .replaceAll(WORD, variable('u'))
    .replaceAll(WORD.toUpperCase(), variable('U'));
}

function maskText(text: string, key: string, { prefixes = [] }: View): string {
  if (key === 'resourceVersion') return /^\d+$/.test(text) ? '<rv>' : text;
  if (UUID.test(text) && !text.startsWith(OURS)) return '<uid>';
  const [time, year, fraction] = TIME.exec(text) ?? [];
  if (time && Number(year) >= 2023)
    return fraction === undefined ? '<time>' : fraction.length === 7 ? '<microtime>' : '<oddtime>';
  if (MESSAGES.has(key)) return '<msg>';
  if (key === 'continue' && text !== '') return '<continue>';
  const masked = maskWord(text).replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<rand>');
  const prefix = prefixes.find(
    (each) => masked.startsWith(each) && /^[a-z0-9]{5}$/.test(masked.slice(each.length)),
  );
  return prefix === undefined ? masked : `${prefix}<rand>`;
}

/** An answer without what differs from run to run, as the README of the recordings defines it. */
export function normalise(value: unknown, view: View, key = ''): unknown {
  if (typeof value === 'string') return maskText(value, key, view);
  if (Array.isArray(value)) return value.map((each) => normalise(each, view));
  if (!isObject(value)) return value;
  const inside = withPrefix(value, view);
  const result: Json = {};
  for (const [name, each] of Object.entries(value)) {
    if (each === null || each === undefined || DROPPED.has(name)) continue;
    if (name !== 'managedFields') result[maskWord(name)] = normalise(each, inside, name);
    else if (view.managed) result[name] = managedFields(each, inside);
  }
  if (value.kind === 'Service') maskAddresses(result.spec, view.sent);
  maskReview(result);
  dropForeign(result, view.sent);
  return result;
}

/** A known `generateName` tells which five letters of a name are random. */
function withPrefix({ metadata }: Json, view: View): View {
  const prefix = isObject(metadata) ? metadata.generateName : undefined;
  if (typeof prefix !== 'string' || prefix === '') return view;
  return { ...view, prefixes: [...(view.prefixes ?? []), maskWord(prefix)] };
}

/** Why somebody may do something is told in nobody else's words, nor why a token is none. */
function maskReview({ kind, status }: Json): void {
  if (!isObject(status)) return;
  if (String(kind).endsWith('AccessReview')) delete status.reason;
  if (kind === 'TokenReview' && 'error' in status) status.error = '<msg>';
}

function maskAddresses(spec: unknown, sent: string): void {
  if (!isObject(spec)) return;
  const isNamed = (value: unknown): boolean => sent.includes(JSON.stringify(value));
  const { clusterIP, clusterIPs, ports } = spec;
  if (typeof clusterIP === 'string' && clusterIP.includes('.') && !isNamed(clusterIP)) {
    spec.clusterIP = '<ip>';
    if (Array.isArray(clusterIPs)) spec.clusterIPs = clusterIPs.map(() => '<ip>');
  }
  const maskPort = (holder: Json, name: string): void => {
    const port = holder[name];
    if (typeof port === 'number' && port >= 30_000 && port <= 32_767 && !isNamed(port))
      holder[name] = '<nodePort>';
  };
  maskPort(spec, 'healthCheckNodePort');
  for (const port of Array.isArray(ports) ? ports : [])
    if (isObject(port)) maskPort(port, 'nodePort');
}

function dropForeign(object: Json, sent: string): void {
  const { annotations } = object;
  if (!isObject(annotations)) return;
  const foreign = FOREIGN_ANNOTATIONS.filter((name) => name in annotations && !sent.includes(name));
  for (const name of foreign) delete annotations[name];
  if (foreign.length > 0 && Object.keys(annotations).length === 0) delete object.annotations;
}

/** Sorted, without times, and without the entries of the control plane's own managers. */
export function managedFields(entries: unknown, view: View): unknown[] {
  const keyOf = (entry: Json): string =>
    ['manager', 'operation', 'apiVersion', 'subresource']
      .map((name) => entry[name] ?? '')
      .join('|');
  return (Array.isArray(entries) ? entries.filter(isObject) : [])
    .filter(({ manager }) => !SYSTEM_MANAGERS.test(String(manager)))
    .map(({ time: _, ...entry }) => normalise(entry, { ...view, managed: false }) as Json)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const CONTROLLED = new Set([
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'ResourceQuota',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'Node',
]);

/** Without the status of kinds whose status a controller fills: how far it is depends on when one looks. */
export function withoutStatus(object: Json): Json {
  const { kind, items } = object;
  if (CONTROLLED.has(String(kind))) {
    const { status: _, ...rest } = object;
    return rest;
  }
  if (!Array.isArray(items) || !CONTROLLED.has(String(kind).replace(/List$/, ''))) return object;
  return { ...object, items: items.map(({ status: _, ...item }: Json) => item) };
}

/** Without the value at a path, in which `*` is every key. */
export function withoutPath(value: unknown, path: string): unknown {
  const visit = (node: unknown, [step, ...rest]: readonly string[]): unknown => {
    if (step === undefined || typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) {
      const isHere = (at: number): boolean => step === '*' || Number(step) === at;
      if (rest.length === 0) return node.filter((_, at) => !isHere(at));
      return node.map((each, at) => (isHere(at) ? visit(each, rest) : each));
    }
    const entries = Object.entries(node).flatMap(([key, each]) => {
      if (step !== '*' && key !== step) return [[key, each]];
      return rest.length === 0 ? [] : [[key, visit(each, rest)]];
    });
    return Object.fromEntries(entries);
  };
  return visit(value, stepsOf(path));
}
