import { compileSelector, type KubeObject, keyOf } from '../../../meta/index.ts';
import type { Glyphs } from '../../theme.ts';
import { selectorText } from '../drill.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { Tone } from '../text.ts';
import type { PageView } from '../view.ts';
import { kindById, objectAt, remember, type World } from '../world.ts';
import { type Branch, treeRows } from './tree.ts';

const SERVICES = 'services';
const SLICES = 'endpointslices.discovery.k8s.io';
const SERVICE_OF_SLICE = 'kubernetes.io/service-name';

const COLUMNS: readonly Column[] = [
  { name: 'FLOW' },
  { name: 'ADDRESS' },
  { name: 'PORTS', expendable: 3 },
  { name: 'NODE', expendable: 2 },
  { name: 'SHARE', align: 'right' },
  { name: 'STATE', flexible: true },
];

interface Port {
  readonly name?: string;
  readonly port?: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol?: string;
}

interface Service extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly sessionAffinity?: string;
    readonly ports?: readonly Port[];
    readonly publishNotReadyAddresses?: boolean;
  };
}

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
}

interface Slice extends KubeObject {
  readonly addressType?: string;
  readonly endpoints?: readonly Endpoint[];
  readonly ports?: readonly Port[];
}

interface PodState extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Item {
  readonly cells: readonly [string, string, string, string, string, string];
  readonly tone: Tone;
}

/**
 * Where a connection goes: service, slices, endpoints, each with its share of new connections, and pods that the service
 * selects but that get none, with the reason.
 */
export function flowsListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const { subject } = view;
  const service = subject && objectAt(world, SERVICES, subject.key);
  const kind = kindById(world, SERVICES);
  const all = service ? [service] : !subject && kind ? world.lister(kind.ref).list() : [];
  const branches = all.map((each) => serviceBranch(each, world));
  const rows = treeRows(branches, new Set(view.folded), glyphs).map(
    ({ key, lead, item: { cells, tone } }): Row => ({
      key,
      cells: [`${lead}${cells[0]}`, ...cells.slice(1)],
      tone,
    }),
  );
  return listingOf(`flows(${subject?.key ?? 'all'})`, COLUMNS, rows, view);
}

function serviceBranch(service: Service, world: World): Branch<Item> {
  const key = keyOf(service);
  const {
    type = 'ClusterIP',
    clusterIP = '',
    externalName,
    ports = [],
    sessionAffinity,
  } = service.spec ?? {};
  const slices = slicesOf(key, world);
  const ready = slices.flatMap(({ endpoints = [] }) => endpoints.filter(takesTraffic)).length;
  const sticky = sessionAffinity === 'ClientIP' ? ', one client stays at one endpoint' : '';
  const state = externalName
    ? `leads to ${externalName}`
    : ready === 0
      ? 'no endpoint takes connections'
      : `${ready} ${ready === 1 ? 'takes' : 'take'} connections${sticky}`;
  return {
    key: `${SERVICES} ${key}`,
    item: {
      cells: [`svc/${service.metadata.name} ${type}`, clusterIP, portsText(ports), '', '', state],
      tone: ready === 0 && !externalName ? 'error' : 'normal',
    },
    below: () => [
      ...slices.map((slice) => sliceBranch(slice, ready)),
      ...leftOut(service, slices, world),
    ],
  };
}

function slicesOf(serviceKey: string, world: World): readonly Slice[] {
  const byService = remember(world, 'slices by service', () => {
    const kind = kindById(world, SLICES);
    const slices: readonly Slice[] = kind ? world.lister(kind.ref).list() : [];
    return Map.groupBy(
      slices,
      ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[SERVICE_OF_SLICE]}`,
    );
  });
  return byService.get(serviceKey) ?? [];
}

function sliceBranch(slice: Slice, ready: number): Branch<Item> {
  const key = keyOf(slice);
  const { endpoints = [], ports = [], addressType = '' } = slice;
  return {
    key: `${SLICES} ${key}`,
    item: {
      cells: [
        `slice/${slice.metadata.name}`,
        addressType,
        portsText(ports),
        '',
        '',
        `${endpoints.length} endpoint${endpoints.length === 1 ? '' : 's'}`,
      ],
      tone: 'dim',
    },
    below: () => endpoints.map((each, at) => endpointBranch(each, slice, at, ready)),
  };
}

function endpointBranch(endpoint: Endpoint, slice: Slice, at: number, ready: number): Branch<Item> {
  const { addresses = [], nodeName = '', zone, targetRef } = endpoint;
  const name = targetRef?.name ?? '';
  const isPod = targetRef?.kind === 'Pod';
  const takes = takesTraffic(endpoint);
  const share = takes ? `1/${ready} ${Math.round(1000 / ready) / 10}%` : '-';
  const key = isPod ? `pods ${slice.metadata.namespace}/${name}` : `${SLICES} ${keyOf(slice)}`;
  return {
    key: `${key} ${at} ${slice.metadata.name}`,
    item: {
      cells: [
        isPod ? `po/${name}` : name || 'endpoint',
        addresses.join(','),
        portsText(slice.ports ?? []),
        zone ? `${nodeName} (${zone})` : nodeName,
        share,
        conditionText(endpoint),
      ],
      tone: takes ? 'normal' : 'pending',
    },
    below: () => [],
  };
}

/** An endpoint without conditions is ready. */
function takesTraffic({ conditions }: Endpoint): boolean {
  return conditions?.ready ?? true;
}

function conditionText({ conditions }: Endpoint): string {
  const { ready = true, serving = ready, terminating = false } = conditions ?? {};
  if (ready) return 'ready';
  if (terminating)
    return serving ? 'terminating, serves what it has' : 'terminating, serves no more';
  return 'not ready: gets no connections';
}

/** Pods that the service selects and that are in no slice. */
function leftOut(
  service: Service,
  slices: readonly Slice[],
  world: World,
): readonly Branch<Item>[] {
  const selector = selectorText(service.spec?.selector);
  const kind = kindById(world, 'pods');
  if (selector === undefined || !kind) return [];
  const listed = new Set(
    slices.flatMap(({ endpoints = [] }) => endpoints.map(({ targetRef }) => targetRef?.name)),
  );
  const selects = compileSelector(selector);
  const pods: readonly PodState[] = world.lister(kind.ref).list(service.metadata.namespace);
  return pods
    .filter(({ metadata }) => selects(metadata.labels ?? {}) && !listed.has(metadata.name))
    .map((pod) => ({
      key: `pods ${keyOf(pod)} left-out`,
      item: {
        cells: [`po/${pod.metadata.name}`, '', '', pod.spec?.nodeName ?? '', '-', whyNot(pod)],
        tone: 'pending',
      },
      below: () => [],
    }));
}

function whyNot({ spec, status }: PodState): string {
  if (!spec?.nodeName) return 'in no slice: it is on no node';
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed')
    return `in no slice: it has ended (${status.phase})`;
  if (!status?.podIP) return 'in no slice: it has no address yet';
  return 'in no slice yet';
}

function portsText(ports: readonly Port[]): string {
  return ports
    .map(({ name, port, targetPort, nodePort, protocol = 'TCP' }) => {
      const outside = nodePort ? `:${nodePort}` : '';
      const inside = targetPort !== undefined && targetPort !== port ? `→${targetPort}` : '';
      return `${name ? `${name}:` : ''}${port ?? '*'}${outside}${inside}/${protocol}`;
    })
    .join(',');
}
