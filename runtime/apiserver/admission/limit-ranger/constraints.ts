import type {
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  PodSpec,
} from '../../../../generated/core/v1/types.ts';
import {
  type Amounts,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  podAmounts,
  type Quantity,
  ZERO,
} from '../../../meta/index.ts';

type List = Readonly<Record<string, string | number>>;

/** Something whose requests and limits are held against a range. */
interface Subject {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** What of a pod is outside of the limits on containers and on pods. */
export function podViolations(spec: PodSpec, { spec: range }: LimitRange): string[] {
  const { overhead: _, ...own } = spec;
  return (range?.limits ?? []).flatMap((item) => {
    switch (item.type) {
      case 'Container':
        return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
          itemViolations(item, {
            requests: amounts(resources?.requests),
            limits: amounts(resources?.limits),
          }),
        );
      case 'Pod':
        return itemViolations(item, {
          requests: podAmounts(own, 'requests'),
          limits: podAmounts(own, 'limits'),
        });
      default:
        return [];
    }
  });
}

/** What of a claim is outside of the limits on claims: only what it asks for counts. */
export function claimViolations(
  { spec }: PersistentVolumeClaim,
  { spec: range }: LimitRange,
): string[] {
  const requests = amounts(spec?.resources?.requests);
  const items = (range?.limits ?? []).filter(({ type }) => type === 'PersistentVolumeClaim');
  return items.flatMap((item) => [
    ...each(item.min, (name, least) =>
      tooLittle(item.type, name, least, { requests, limits: new Map() }),
    ),
    ...each(item.max, (name, most) => {
      const start = `maximum ${name} usage per ${item.type} is ${formatQuantity(most)}`;
      const request = requests.get(name);
      if (!request) return `${start}.  No request is specified`;
      return isMore(request, most) ? `${start}, but request is ${formatQuantity(request)}` : '';
    }),
  ]);
}

function itemViolations(item: LimitRangeItem, subject: Subject): string[] {
  return [
    ...each(item.min, (name, least) => tooLittle(item.type, name, least, subject)),
    ...each(item.max, (name, most) => tooMuch(item.type, name, most, subject)),
    ...each(item.maxLimitRequestRatio, (name, ratio) => tooFar(item.type, name, ratio, subject)),
  ];
}

/** The complaints about each resource of a list, in the order of names; '' is none. */
function each(list: List = {}, complaint: (name: string, bound: Quantity) => string): string[] {
  return [...amounts(list)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bound]) => complaint(name, bound))
    .filter((text) => text !== '');
}

function amounts(list: List = {}): Amounts {
  return new Map(
    Object.entries(list).map(([name, text]) => [name, parseQuantity(String(text)) ?? ZERO]),
  );
}

const isMore = (a: Quantity, b: Quantity): boolean => compareQuantities(a, b) > 0;

function tooLittle(type: string, name: string, least: Quantity, subject: Subject): string {
  const start = `minimum ${name} usage per ${type} is ${formatQuantity(least)}`;
  const request = subject.requests.get(name);
  const limit = subject.limits.get(name);
  if (!request) return `${start}.  No request is specified`;
  if (isMore(least, request)) return `${start}, but request is ${formatQuantity(request)}`;
  return limit && isMore(least, limit) ? `${start}, but limit is ${formatQuantity(limit)}` : '';
}

function tooMuch(type: string, name: string, most: Quantity, subject: Subject): string {
  const start = `maximum ${name} usage per ${type} is ${formatQuantity(most)}`;
  const request = subject.requests.get(name);
  const limit = subject.limits.get(name);
  if (!limit) return `${start}.  No limit is specified`;
  if (isMore(limit, most)) return `${start}, but limit is ${formatQuantity(limit)}`;
  return request && isMore(request, most)
    ? `${start}, but request is ${formatQuantity(request)}`
    : '';
}

function tooFar(type: string, name: string, ratio: Quantity, subject: Subject): string {
  const start = `${name} max limit to request ratio per ${type} is ${formatQuantity(ratio)}`;
  const request = subject.requests.get(name)?.nanos ?? 0n;
  const limit = subject.limits.get(name)?.nanos ?? 0n;
  if (request === 0n) return `${start}, but no request is specified or request is 0`;
  if (limit === 0n) return `${start}, but no limit is specified or limit is 0`;
  const is = Number(limit) / Number(request);
  return is > Number(ratio.nanos) / 1e9 ? `${start}, but provided ratio is ${is.toFixed(6)}` : '';
}
