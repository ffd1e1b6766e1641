/** One measured figure, as `npm run bench -- -o json` prints it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'pods/s' | 'MiB' | 'KiB' | 'x';
  /** What the figure must stay within: at most for times and ratios, at least for rates. */
  readonly budget?: number;
  readonly ok?: boolean;
  readonly peer?: string;
  readonly peerValue?: number;
  /** Ours over the peer's. */
  readonly ratio?: number;
}

/** A benchmark: a name to pick it by and what it measures. */
export interface Case {
  readonly name: string;
  run(): Promise<readonly Figure[]>;
}

export function figure(name: string, value: number, unit: Figure['unit'], budget?: number): Figure {
  const rounded = value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
  if (budget === undefined) return { name, value: rounded, unit };
  const ok = unit === 'pods/s' ? value >= budget : value <= budget;
  return { name, value: rounded, unit, budget, ok };
}

export function withPeer(own: Figure, peer: string, peerValue: number): Figure {
  return { ...own, peer, peerValue, ratio: Math.round((own.value / peerValue) * 1000) / 1000 };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
