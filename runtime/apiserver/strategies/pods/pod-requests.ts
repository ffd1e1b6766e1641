import type {
  Container,
  PodSpec,
  ResourceRequirements,
} from '../../../../generated/core/v1/types.ts';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  type Quantity,
} from '../../../meta/index.ts';
import { amount } from '../pod-spec/index.ts';

type Totals = Map<string, Quantity>;

const AT_POD_LEVEL = /^(cpu|memory|hugepages-.+)$/;

/**
 * What a pod with limits of its own asks for: what it says, then what its containers ask for together, then its limits. Undefined
 * or as given for other pods.
 */
export function podRequests(spec: PodSpec): ResourceRequirements['requests'] {
  const { limits = {}, requests } = spec.resources ?? {};
  if (Object.keys(limits).length === 0) return requests;
  const filled: Record<string, unknown> = { ...requests };
  for (const [name, quantity] of together(spec))
    if (AT_POD_LEVEL.test(name)) filled[name] ??= formatQuantity(quantity);
  for (const [name, limit] of Object.entries(limits)) filled[name] ??= limit;
  const isSame = Object.keys(filled).length === Object.keys(requests ?? {}).length;
  return isSame ? requests : (filled as ResourceRequirements['requests']);
}

/** The sum over containers and sidecars, but at least what one init container needs beside the sidecars before it. */
function together({ containers = [], initContainers = [] }: PodSpec): Totals {
  const running: Totals = new Map();
  for (const each of containers) add(running, each);
  const sidecars: Totals = new Map();
  const starting: Totals = new Map();
  for (const each of initContainers) {
    const isSidecar = each.restartPolicy === 'Always';
    if (isSidecar) for (const totals of [running, sidecars]) add(totals, each);
    const now = new Map(sidecars);
    if (!isSidecar) add(now, each);
    raise(starting, now);
  }
  raise(running, starting);
  return running;
}

function add(totals: Totals, { resources }: Container): void {
  for (const [name, request] of Object.entries(resources?.requests ?? {})) {
    const before = totals.get(name);
    const own = amount(request);
    totals.set(name, before ? addQuantities(before, own) : own);
  }
}

function raise(totals: Totals, least: Totals): void {
  for (const [name, quantity] of least) {
    const before = totals.get(name);
    if (!before || compareQuantities(before, quantity) < 0) totals.set(name, quantity);
  }
}
