/** What one area of recorded facts says of us. */
export interface AreaResult {
  readonly area: string;
  readonly matched: number;
  readonly total: number;
  readonly mismatches: readonly {
    readonly id: string;
    readonly expected: unknown;
    readonly got: unknown;
  }[];
}

/** The least share of matches of an area, in percent. Floors only rise. */
export type Floors = Readonly<Record<string, number>>;

export function percent({ matched, total }: AreaResult): number {
  return total === 0 ? 0 : Math.floor((matched / total) * 1000) / 10;
}
