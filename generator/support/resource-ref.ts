/** A served resource: what a URL path names. `T` is the type of its objects. */
export interface ResourceRef<T = unknown> {
  readonly group: string;
  readonly version: string;
  /** Plural, lower case: `deployments`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never present; carries the type. */
  readonly '~type'?: T;
}
