const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const PATTERN = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;
const memo = new Map<string, number>();
const MEMO_MAX = 10_000;

/** Whole units, rounded up, as the scheduler counts memory and extended resources. */
export function wholeUnits(quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : roundUp(valueOf(String(quantity)));
}

/** Thousandths, rounded up, as the scheduler counts CPU. */
export function milliUnits(quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : roundUp(valueOf(String(quantity)) * 1000);
}

function valueOf(text: string): number {
  const known = memo.get(text);
  if (known !== undefined) return known;
  const match = PATTERN.exec(text);
  const value = match
    ? match[2]
      ? Number(match[1] + match[2])
      : Number(match[1]) * FACTORS[match[3] ?? '']!
    : 0;
  if (memo.size >= MEMO_MAX) memo.clear();
  memo.set(text, value);
  return value;
}

/** Up to the next integer, but not for the noise of binary fractions. */
function roundUp(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) <= Math.abs(value) * 1e-12 ? nearest : Math.ceil(value);
}
