/**
 * ResourceQuota: what the objects of a namespace use together stays within its quotas. Checking (`decide.ts`) is pure; charging writes
 * the new usage into the status of the quotas right before the object is stored, and takes it back when the object is not stored
 * after all. What quotas limit, and what was used before, is taken from their status, which the quota controller keeps: a quota
 * that it has not seen yet limits nothing.
 */
import type { ResourceQuota } from '../../../../generated/core/v1/types.ts';
import { limits } from '../../../base/index.ts';
import {
  type Amounts,
  addQuantities,
  conflict,
  forbidden,
  formatQuantity,
  isCharged,
  type KubeObject,
  keyOf,
  MODIFIED,
  negateQuantity,
  parseQuantity,
  ZERO,
} from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { about } from '../../kind.ts';
import type { AdmissionAttributes, AdmissionPlugin, Refund } from '../plugin.ts';
import { type Charge, decide } from './decide.ts';

type Quota = KubeObject & ResourceQuota;
type Cause = Parameters<NonNullable<AdmissionPlugin['charge']>>[2];

const QUOTAS = 'resourcequotas';

export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(attributes, core) {
    chargesOf(attributes, core);
  },
  charge(attributes, core, cause) {
    const charges = chargesOf(attributes, core);
    return charges.length === 0 ? undefined : take(charges, attributes, core, cause);
  },
};

const NONE: readonly Charge[] = [];

/** What a write costs each quota of its namespace; throws the refusal when that is more than there is. */
function chargesOf(attributes: AdmissionAttributes, core: Core): readonly Charge[] {
  const { kind, operation, subresource, namespace, name, object, old } = attributes;
  const cache = core.kindById(QUOTAS)?.cache;
  if (!namespace || !cache || cache.size === 0) return NONE;
  if (!isCharged(kind.id, operation, subresource)) return NONE;
  const quotas = cache.list(namespace) as Quota[];
  const { refusal, charges } = decide(quotas, {
    resource: kind.id,
    object,
    old,
    isStatus: subresource === 'status',
    nowMs: core.now(),
  });
  if (refusal) throw forbidden(about(kind, name), refusal);
  return charges;
}

/** Charges quota by quota. When one has become too small meanwhile, those before it get back what was taken. */
async function take(
  charges: readonly Charge[],
  attributes: AdmissionAttributes,
  core: Core,
  cause: Cause,
): Promise<Refund> {
  const taken: Charge[] = [];
  const refund: Refund = async () => {
    for (const each of taken) await add(each.key, negated(each.amounts), core, cause);
  };
  try {
    for (const { key } of charges) {
      const charge = await takeOne(key, attributes, core, cause);
      if (charge) taken.push(charge);
    }
  } catch (error) {
    await refund();
    throw error;
  }
  return refund;
}

/** Decides anew before each attempt: somebody else may have taken what was left. */
async function takeOne(
  key: string,
  attributes: AdmissionAttributes,
  core: Core,
  cause: Cause,
): Promise<Charge | undefined> {
  for (let attempt = 0; attempt < limits.conflictRetries; attempt++) {
    const charge = chargesOf(attributes, core).find((each) => each.key === key);
    if (!charge || (await attempted(key, charge.amounts, core, cause))) return charge;
  }
  throw conflict(about(attributes.kind, attributes.name), MODIFIED);
}

async function add(key: string, amounts: Amounts, core: Core, cause: Cause): Promise<void> {
  for (let attempt = 0; attempt < limits.conflictRetries; attempt++)
    if (await attempted(key, amounts, core, cause)) return;
}

const negated = (amounts: Amounts): Amounts =>
  new Map([...amounts].map(([name, amount]) => [name, negateQuantity(amount)]));

/** One write of a quota's usage. False when somebody wrote in between; a quota that is gone needs none. */
async function attempted(
  key: string,
  amounts: Amounts,
  core: Core,
  cause: Cause,
): Promise<boolean> {
  const kind = core.kindById(QUOTAS)!;
  const live = kind.cache.row(key);
  if (!live) return true;
  const quota = live.object as Quota;
  const used: Record<string, string | number> = { ...quota.status?.used };
  for (const [name, amount] of amounts)
    used[name] = formatQuantity(
      addQuantities(parseQuantity(String(used[name] ?? '0')) ?? ZERO, amount),
    );
  const object = {
    ...quota,
    metadata: { ...quota.metadata },
    status: { ...quota.status, used },
  } as KubeObject;
  const row = { object, ownership: live.ownership };
  return core.put(kind, keyOf(object), row, live, { verb: 'update', subresource: 'status', cause });
}
