/**
 * What several owners may want at the same place: an element of a set, a virtual server. The first owner by name has it,
 * whoever came first, so that the outcome follows from the claims alone.
 */
export class Claims<V> {
  /** Sorted by owner. */
  readonly #claims = new Map<string, readonly (readonly [owner: string, value: V])[]>();

  /** A second claim of the same owner to the same place changes nothing. */
  put(owner: string, place: string, value: V): void {
    const claims = this.#claims.get(place);
    if (!claims) this.#claims.set(place, [[owner, value]]);
    else if (!claims.some(([other]) => other === owner))
      this.#claims.set(
        place,
        [...claims, [owner, value] as const].sort(([a], [b]) => (a < b ? -1 : 1)),
      );
  }

  drop(owner: string, place: string): void {
    const left = (this.#claims.get(place) ?? []).filter(([other]) => other !== owner);
    if (left.length > 0) this.#claims.set(place, left);
    else this.#claims.delete(place);
  }

  /** The value that holds. */
  get(place: string): V | undefined {
    return this.#claims.get(place)?.[0]?.[1];
  }

  has(place: string): boolean {
    return this.#claims.has(place);
  }

  clear(): void {
    this.#claims.clear();
  }
}
