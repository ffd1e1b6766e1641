/** A claim whose volume or place is decided, while the API does not say so yet. */
export type AssumedClaim = { readonly volume: string } | { readonly selectedNode: string };

/** What pods whose volumes are being bound have taken, so that no other pod takes it. Copied whole by a fork: there are few. */
export class AssumedVolumes {
  readonly #claims: Map<string, AssumedClaim>;
  /** Volume name to claim key. */
  readonly #takenBy: Map<string, string>;

  constructor(from?: AssumedVolumes) {
    this.#claims = new Map(from ? from.#claims : undefined);
    this.#takenBy = new Map(from ? from.#takenBy : undefined);
  }

  get(claimKey: string): AssumedClaim | undefined {
    return this.#claims.get(claimKey);
  }

  /** Whether another claim has the volume. */
  isTaken(volumeName: string, claimKey: string): boolean {
    const by = this.#takenBy.get(volumeName);
    return by !== undefined && by !== claimKey;
  }

  assume(claimKey: string, assumed: AssumedClaim): void {
    this.#claims.set(claimKey, assumed);
    if ('volume' in assumed) this.#takenBy.set(assumed.volume, claimKey);
  }

  forget(claimKey: string): void {
    const assumed = this.#claims.get(claimKey);
    if (assumed && 'volume' in assumed) this.#takenBy.delete(assumed.volume);
    this.#claims.delete(claimKey);
  }
}
