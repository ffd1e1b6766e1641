import type { LimitRange, LimitRangeItem } from '../../../generated/core/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import {
  compareQuantities,
  isOvercommitable,
  type KubeObject,
  type Quantity,
  quantityOf,
} from '../../meta/index.ts';
import { amount } from './pod-spec/index.ts';
import { duplicate, forbidden, invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredRange = LimitRange & KubeObject;
type List = Readonly<Record<string, string | number>>;

/** LimitRanges: limits of containers fill each other in, and none contradicts another. */
export const limitRanges: Strategy<StoredRange> = {
  prepareCreate: complete,
  prepareUpdate: complete,
  validate({ spec }, old) {
    const limits = spec?.limits ?? [];
    if (old && spec === old.spec) return [];
    const types = limits.map(({ type }) => type);
    return limits.flatMap((item, at) => {
      const path = `spec.limits[${at}]`;
      return [
        ...typeProblems(item.type, `${path}.type`),
        ...(types.indexOf(item.type) < at ? [duplicate(`${path}.type`, item.type)] : []),
        ...itemProblems(item, path),
      ];
    });
  },
};

function complete(range: StoredRange): StoredRange {
  const { spec } = range;
  if (!spec?.limits?.some(({ type }) => type === 'Container')) return range;
  return { ...range, spec: { ...spec, limits: spec.limits.map(completeItem) } };
}

/** A container that names no limit gets the most there may be, and asks for its limit, or else the least. */
function completeItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  return {
    ...item,
    ...(Object.keys(limits).length > 0 ? { default: limits } : {}),
    ...(Object.keys(requests).length > 0 ? { defaultRequest: requests } : {}),
  };
}

const TYPES = new Set(['Container', 'Pod', 'PersistentVolumeClaim']);

function typeProblems(type: string, field: string): Problem[] {
  const wrong = FORMAT_CHECKS['label-key'](type);
  if (wrong) return [invalid(field, type, wrong)];
  return TYPES.has(type) || type.includes('/')
    ? []
    : [invalid(field, type, 'must be a standard limit type or fully qualified')];
}

const LISTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
const OF_CONTAINERS = ['default', 'defaultRequest'] as const;

function itemProblems(item: LimitRangeItem, path: string): Problem[] {
  const { type, max = {}, min = {} } = item;
  const isPod = type === 'Pod';
  const names = new Set(LISTS.flatMap((list) => Object.keys(item[list] ?? {})));
  return [
    ...LISTS.filter((list) => !isPod || !OF_CONTAINERS.includes(list as never)).flatMap((list) =>
      Object.keys(item[list] ?? {}).flatMap((name) =>
        nameProblems(name, type, `${path}.${list}[${name}]`),
      ),
    ),
    ...OF_CONTAINERS.filter((list) => isPod && item[list]).map((list) =>
      forbidden(`${path}.${list}`, "may not be specified when `type` is 'Pod'"),
    ),
    ...(type === 'PersistentVolumeClaim' && !('storage' in min) && !('storage' in max)
      ? [required(`${path}.limits`, NO_STORAGE)]
      : []),
    ...[...names].flatMap((name) => boundProblems(boundsOf(item, name), path, name)),
  ];
}

const NO_STORAGE = 'either minimum or maximum storage value is required, but neither was provided';
const COMPUTE = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

function nameProblems(name: string, type: string, field: string): Problem[] {
  const wrong = FORMAT_CHECKS['resource-name'](name);
  const isCompute = name.includes('/') || COMPUTE.test(name);
  const ofContainers = type === 'Pod' || type === 'Container';
  if (ofContainers && !isCompute)
    return [invalid(field, name, 'must be a standard resource for containers')];
  return wrong ? [invalid(field, name, wrong)] : [];
}

interface Bound {
  readonly text: string;
  readonly quantity: Quantity;
}

type Bounds = { readonly [K in (typeof LISTS)[number]]: Bound | undefined };

/** All that an item says of one resource. Defaults of pods are not looked at. */
function boundsOf(item: LimitRangeItem, name: string): Bounds {
  const bound = (list: (typeof LISTS)[number]): Bound | undefined => {
    const text = (item[list] as List | undefined)?.[name];
    if (text === undefined || (item.type === 'Pod' && OF_CONTAINERS.includes(list as never)))
      return undefined;
    return { text: String(text), quantity: amount(text) };
  };
  return {
    max: bound('max'),
    min: bound('min'),
    default: bound('default'),
    defaultRequest: bound('defaultRequest'),
    maxLimitRequestRatio: bound('maxLimitRequestRatio'),
  };
}

/** Each pair that must be in order: the list that is told of it, what is shown, and the names of both. */
const ORDERS = [
  ['min', 'max', 'min', 'min value', 'max value'],
  ['min', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
  ['defaultRequest', 'max', 'defaultRequest', 'default request value', 'max value'],
  ['defaultRequest', 'default', 'defaultRequest', 'default request value', 'default limit value'],
  ['min', 'default', 'default', 'min value', 'default value'],
  ['default', 'max', 'default', 'default value', 'max value'],
] as const;

function boundProblems(bounds: Bounds, path: string, name: string): Problem[] {
  const ordered = ORDERS.flatMap(([low, high, field, lowName, highName]) => {
    const [least, most] = [bounds[low], bounds[high]];
    if (!least || !most || compareQuantities(least.quantity, most.quantity) <= 0) return [];
    const why = `${lowName} ${least.text} is greater than ${highName} ${most.text}`;
    return [invalid(`${path}.${field}[${name}]`, bounds[field]?.text, why)];
  });
  return [...ordered, ...ratioProblems(bounds, path, name), ...sameProblems(bounds, path, name)];
}

const ONE = quantityOf(1);

function ratioProblems(bounds: Bounds, path: string, name: string): Problem[] {
  const { maxLimitRequestRatio: ratio, min, max } = bounds;
  if (!ratio) return [];
  const say = (why: string): Problem =>
    invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio.text, why);
  const most = min && max ? Number(max.quantity.nanos) / Number(min.quantity.nanos) : undefined;
  return [
    ...(compareQuantities(ratio.quantity, ONE) < 0
      ? [say(`ratio ${ratio.text} is less than 1`)]
      : []),
    ...(most !== undefined && Number(ratio.quantity.nanos) / 1e9 > most
      ? [say(`ratio ${ratio.text} is greater than max/min = ${most.toFixed(6)}`)]
      : []),
  ];
}

/** What cannot be promised twice is asked for in full. */
function sameProblems(
  { default: limit, defaultRequest: request }: Bounds,
  path: string,
  name: string,
) {
  if (!limit || !request || isOvercommitable(name)) return [];
  if (compareQuantities(limit.quantity, request.quantity) === 0) return [];
  const why = `default value ${limit.text} must equal to defaultRequest value ${request.text} in ${name}`;
  return [invalid(`${path}.defaultRequest[${name}]`, request.text, why)];
}
