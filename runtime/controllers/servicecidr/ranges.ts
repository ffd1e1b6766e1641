import { ipaddresses, servicecidrs } from '../../../generated/networking/v1/resources.ts';
import type { IPAddress, ServiceCIDR } from '../../../generated/networking/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type Lister,
  listerOf,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import { formatTime, isDeleting, isNotFound, parseTime, withCondition } from '../../meta/index.ts';
import { ALLOCATED } from './addresses.ts';
import { hasAddress, hasRange } from './networks.ts';

const FINALIZER = 'networking.k8s.io/service-cidr-finalizer';
/** Until those who give out addresses know for certain that a range is on its way out. */
const GRACE_MS = 10_000;

interface Known {
  readonly ranges: Lister<ServiceCIDR>;
  readonly addresses: Lister<IPAddress>;
}

export function createRangeController(deps: ControllerDeps): Controller {
  const known: Known = {
    ranges: listerOf(deps, servicecidrs),
    addresses: listerOf(deps, ipaddresses),
  };
  const waiting = (): string[] =>
    known.ranges
      .list()
      .filter(isDeleting)
      .map(({ metadata }) => metadata.name ?? '');
  return {
    name: 'service-cidr',
    watches: [
      watch(servicecidrs, ({ object }) => [object.metadata.name ?? '', ...waiting()]),
      watch(
        ipaddresses,
        ({ type }) => (type === 'DELETED' ? waiting() : []),
        ({ type }) => type === 'DELETED',
      ),
    ],
    reconcile(name, context) {
      const live = known.ranges.byKey(name);
      if (!live) return undefined;
      return isDeleting(live) ? release(live, known, context) : ready(live, context);
    },
  };
}

async function ready(live: ServiceCIDR, context: ReconcileContext): Promise<undefined> {
  const { finalizers = [], name = '' } = live.metadata;
  let held = live;
  if (!finalizers.includes(FINALIZER))
    held = await context.client.modify(servicecidrs, { name }, (now) => ({
      ...now,
      metadata: { ...now.metadata, finalizers: [...(now.metadata.finalizers ?? []), FINALIZER] },
    }));
  await say(held, READY, context);
  return undefined;
}

async function release(
  live: ServiceCIDR,
  known: Known,
  context: ReconcileContext,
): Promise<ReconcileResult | undefined> {
  const { finalizers = [], name = '', deletionTimestamp } = live.metadata;
  if (!finalizers.includes(FINALIZER)) return undefined;
  if (isNeeded(live, known)) {
    await say(live, NEEDED, context);
    return undefined;
  }
  const waitMs = GRACE_MS - (context.now() - (parseTime(deletionTimestamp ?? '') ?? 0));
  if (waitMs > 0) return { requeueAfterMs: waitMs };
  try {
    await context.client.modify(servicecidrs, { name }, (now) => ({
      ...now,
      metadata: {
        ...now.metadata,
        finalizers: (now.metadata.finalizers ?? []).filter((each) => each !== FINALIZER),
      },
    }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return { decision: { released: name } };
}

/** Upstream gives no reason, which the checks of conditions here do not allow. */
const READY = {
  status: 'True',
  reason: 'Ready',
  message: 'Kubernetes Service CIDR is ready',
} as const;

const NEEDED = {
  status: 'False',
  reason: 'Terminating',
  message:
    'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
} as const;

/** Whether some address of a service would be in no range any more. Work per address, for a range that is deleted. */
function isNeeded({ metadata, spec }: ServiceCIDR, { ranges, addresses }: Known): boolean {
  const own = spec?.cidrs ?? [];
  const others = ranges
    .list()
    .filter((each) => each.metadata.name !== metadata.name && !isDeleting(each))
    .flatMap((each) => each.spec?.cidrs ?? []);
  if (own.every((cidr) => others.some((other) => hasRange(other, cidr)))) return false;
  return addresses.byIndex(ALLOCATED, 'true').some((each) => {
    const address = each.metadata.name ?? '';
    const isOwn = own.some((cidr) => hasAddress(cidr, address));
    return isOwn && !others.some((cidr) => hasAddress(cidr, address));
  });
}

async function say(
  live: ServiceCIDR,
  said: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string },
  { client, now }: ReconcileContext,
): Promise<void> {
  const before = live.status?.conditions;
  const lastTransitionTime = formatTime(now());
  const conditions = withCondition(before, { type: 'Ready', ...said, lastTransitionTime });
  if (conditions === before) return;
  await client.updateStatus(servicecidrs, {
    ...live,
    status: { ...live.status, conditions: [...conditions] as never },
  });
}
