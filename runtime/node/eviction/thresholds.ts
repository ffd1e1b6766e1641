import { parseDuration } from '../../base/index.ts';
import {
  compareQuantities,
  parseQuantity,
  type Quantity,
  scaledValue,
  ZERO,
} from '../../meta/index.ts';
import { isSignal, type Signal } from './signals.ts';

/** An absolute amount, or a share of the capacity (0.1 for 10 %, in single precision as upstream computes). */
export type Level = { readonly quantity: Quantity } | { readonly share: number };

/** Pressure begins when less than `value` is left. Without a grace period the threshold is hard. */
export interface Threshold {
  readonly signal: Signal;
  readonly value: Level;
  readonly graceMs: number;
  /** Once met, how much more than `value` must be left before it counts as resolved. */
  readonly minReclaim?: Level;
}

/** Settings that no kubelet would start with. */
export class ThresholdError extends Error {}

type Statements = Readonly<Record<string, string>>;

export interface ThresholdStatements {
  readonly hard?: Statements | undefined;
  readonly soft?: Statements | undefined;
  readonly softGracePeriod?: Statements | undefined;
  readonly minimumReclaim?: Statements | undefined;
  /** `pods` also watches the memory of all pods together. */
  readonly enforceNodeAllocatable?: readonly string[] | undefined;
}

/** The thresholds that the settings name, hard ones first. Throws a ThresholdError. */
export function parseThresholds(statements: ThresholdStatements): readonly Threshold[] {
  const { hard, soft, softGracePeriod, minimumReclaim, enforceNodeAllocatable = [] } = statements;
  const grace = new Map(
    entries(softGracePeriod).map(([signal, text]) => [signal, gracePeriod(text)]),
  );
  const reclaims = new Map(
    entries(minimumReclaim).map(([signal, text]) => [signal, reclaim(signal, text)]),
  );
  const withReclaim = (threshold: Threshold): Threshold => {
    const minReclaim = reclaims.get(threshold.signal);
    return minReclaim ? { ...threshold, minReclaim } : threshold;
  };
  const thresholds = [
    ...levels(hard).map(([signal, value]) => withReclaim({ signal, value, graceMs: 0 })),
    ...levels(soft).map(([signal, value]) => {
      const graceMs = grace.get(signal);
      if (graceMs === undefined)
        throw new ThresholdError(
          `grace period must be specified for the soft eviction threshold ${signal}`,
        );
      return withReclaim({ signal, value, graceMs });
    }),
  ];
  return enforceNodeAllocatable.includes('pods') ? withAllocatable(thresholds) : thresholds;
}

/** Hard thresholds of the node's memory hold for the memory of all pods, too. */
export function withAllocatable(thresholds: readonly Threshold[]): readonly Threshold[] {
  const added = thresholds
    .filter((each) => each.signal === 'memory.available' && isHard(each))
    .map((each): Threshold => ({ ...each, signal: 'allocatableMemory.available' }));
  return [...thresholds, ...added];
}

/**
 * The file system of writable layers is watched like the one that it lies on: that of the images where those have a disk of
 * their own and layers are beside them, else that of the node. Its own thresholds are not heard.
 */
export function withContainerFs(
  thresholds: readonly Threshold[],
  disks: { readonly dedicatedImageFs: boolean; readonly splitContainerFs: boolean },
): readonly Threshold[] {
  const base = disks.dedicatedImageFs && !disks.splitContainerFs ? 'imagefs' : 'nodefs';
  const others = thresholds.filter(({ signal }) => !signal.startsWith('containerfs.'));
  const copies = others.flatMap((each): Threshold[] => {
    const [fs, what] = each.signal.split('.');
    return fs === base ? [{ ...each, signal: `containerfs.${what}` as Signal }] : [];
  });
  return [...others, ...copies];
}

export function isHard({ graceMs }: Threshold): boolean {
  return graceMs === 0;
}

/** The amount that a level means where there is `capacity`. */
export function levelOf(level: Level, capacity: number): number {
  return 'quantity' in level
    ? Number(scaledValue(level.quantity, 0))
    : Math.trunc(capacity * level.share);
}

export function sameLevel(a: Level, b: Level): boolean {
  if ('quantity' in a) return 'quantity' in b && compareQuantities(a.quantity, b.quantity) === 0;
  return 'share' in b && a.share === b.share;
}

/** Whether they are one threshold; what is to be reclaimed does not tell them apart. */
export function sameThreshold(a: Threshold, b: Threshold): boolean {
  return a.signal === b.signal && a.graceMs === b.graceMs && sameLevel(a.value, b.value);
}

/** A share in single precision; throws a ThresholdError for what is no percentage. */
export function parsePercentage(text: string): number {
  const digits = text.replace(/%+$/, '');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(digits))
    throw new ThresholdError(`invalid percentage: ${text}`);
  return Math.fround(Math.fround(Number(digits)) / 100);
}

function entries(statements: Statements | undefined): [Signal, string][] {
  return Object.entries(statements ?? {}).map(([signal, text]) => {
    if (!isSignal(signal)) throw new ThresholdError(`unsupported eviction signal ${signal}`);
    return [signal, String(text)];
  });
}

/** `0%` and `100%` switch a threshold off. */
function levels(statements: Statements | undefined): [Signal, Level][] {
  return entries(statements).flatMap(([signal, text]): [Signal, Level][] => {
    if (text === '0%' || text === '100%') return [];
    if (!text.endsWith('%')) return [[signal, { quantity: positive(signal, text) }]];
    const share = parsePercentage(text);
    if (share < 0)
      throw new ThresholdError(`eviction percentage threshold ${signal} must be >= 0%: ${text}`);
    if (share > 1)
      throw new ThresholdError(`eviction percentage threshold ${signal} must be <= 100%: ${text}`);
    return [[signal, { share }]];
  });
}

function positive(signal: Signal, text: string): Quantity {
  const quantity = quantityIn(text);
  if (compareQuantities(quantity, ZERO) <= 0)
    throw new ThresholdError(`eviction threshold ${signal} must be positive: ${text}`);
  return quantity;
}

function reclaim(signal: Signal, text: string): Level {
  if (text.endsWith('%')) {
    const share = parsePercentage(text);
    if (share <= 0)
      throw new ThresholdError(
        `eviction percentage minimum reclaim ${signal} must be positive: ${text}`,
      );
    return { share };
  }
  const quantity = quantityIn(text);
  if (compareQuantities(quantity, ZERO) < 0)
    throw new ThresholdError(`negative eviction minimum reclaim specified for ${signal}`);
  return { quantity };
}

function quantityIn(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (!quantity) throw new ThresholdError(`${text} is no quantity`);
  return quantity;
}

function gracePeriod(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new ThresholdError(
      `invalid eviction grace period specified: ${text}, must be a positive value`,
    );
  return ms;
}
