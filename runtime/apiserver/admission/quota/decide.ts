import type { ResourceQuota } from '../../../../generated/core/v1/types.ts';
import {
  type Amounts,
  addQuantities,
  compareQuantities,
  formatQuantity,
  type KubeObject,
  keyOf,
  missingAmounts,
  parseQuantity,
  type Quantity,
  quotaCovers,
  quotaUsage,
  resourcesFor,
  subtractQuantities,
  ZERO,
} from '../../../meta/index.ts';

type Quota = KubeObject & ResourceQuota;

/** A write as quotas see it. `old` is the stored object of an update. */
export interface Spending {
  /** `pods`, `deployments.apps` */
  readonly resource: string;
  readonly object: KubeObject;
  readonly old: KubeObject | undefined;
  /** What a controller reports is counted, but never refused. */
  readonly isStatus: boolean;
  readonly nowMs: number;
}

/** What one quota is to be charged. */
export interface Charge {
  readonly key: string;
  readonly amounts: Amounts;
}

export interface Verdict {
  readonly refusal?: string;
  readonly charges: readonly Charge[];
}

const NOTHING: Verdict = { charges: [] };
const refused = (refusal: string): Verdict => ({ refusal, charges: [] });

/** What a write costs each of the quotas that are about it, or why it is refused. Only what is more than before costs. */
export function decide(quotas: readonly Quota[], spending: Spending): Verdict {
  const { resource, object, old, nowMs } = spending;
  const covering = quotas.filter((quota) => quotaCovers(quota, resource, object));
  if (covering.length === 0) return NOTHING;
  for (const quota of covering) {
    const refusal = unready(quota, spending);
    if (refusal) return refused(refusal);
  }
  const usage = quotaUsage(resource, object, nowMs);
  const negative = [...usage].flatMap(([name, { nanos }]) => (nanos < 0n ? [name] : []));
  if (negative.length > 0)
    return refused(`quota usage is negative for resource(s): ${negative.sort().join(',')}`);
  const before = old && quotaUsage(resource, old, nowMs);
  const charges: Charge[] = [];
  for (const quota of covering) {
    const counted = before && quotaCovers(quota, resource, old!) ? before : undefined;
    const amounts = costs(quota, usage, counted);
    const refusal = spending.isStatus ? undefined : exceeded(quota, amounts);
    if (refusal) return refused(refusal);
    if (amounts.size > 0) charges.push({ key: keyOf(quota), amounts });
  }
  return { charges };
}

/** Why nothing can be charged to a quota yet: the object does not say what it uses, or the quota not what is used. */
function unready(quota: Quota, { resource, object }: Spending): string | undefined {
  const { name } = quota.metadata;
  const { hard = {}, used = {} } = quota.status ?? {};
  const limited = resourcesFor(resource, Object.keys(hard));
  const missing = missingAmounts(resource, object, limited);
  if (missing.size > 0) {
    const parts = [...missing].map(([each, containers]) => `${each} for: ${containers.join(',')}`);
    return `failed quota: ${name}: must specify ${parts.join('; ')}`;
  }
  if (limited.every((each) => each in used)) return undefined;
  return `status unknown for quota: ${name}, resources: ${limited.sort().join(',')}`;
}

/** What the object uses more than before of everything that the quota limits. */
function costs({ status }: Quota, usage: Amounts, before: Amounts | undefined): Amounts {
  const amounts = new Map<string, Quantity>();
  for (const [name, now] of usage) {
    if (!(name in (status?.hard ?? {}))) continue;
    const more = subtractQuantities(now, before?.get(name) ?? ZERO);
    if (more.nanos > 0n) amounts.set(name, more);
  }
  return amounts;
}

function exceeded({ metadata, status }: Quota, amounts: Amounts): string | undefined {
  const hard = amountsIn(status?.hard);
  const used = amountsIn(status?.used);
  const over = [...amounts.keys()].filter((name) => {
    const after = addQuantities(used.get(name) ?? ZERO, amounts.get(name)!);
    return compareQuantities(after, hard.get(name)!) > 0;
  });
  if (over.length === 0) return undefined;
  const text = (list: Amounts): string =>
    over
      .sort()
      .map((name) => `${name}=${formatQuantity(list.get(name) ?? ZERO)}`)
      .join(',');
  return `exceeded quota: ${metadata.name}, requested: ${text(amounts)}, used: ${text(used)}, limited: ${text(hard)}`;
}

function amountsIn(list: Readonly<Record<string, string | number>> = {}): Amounts {
  return new Map(
    Object.entries(list).map(([name, text]) => [name, parseQuantity(String(text)) ?? ZERO]),
  );
}
