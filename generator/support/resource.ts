/** The mark by which evaluation knows a resource, whichever copy of this module made it. */
export const RESOURCE: unique symbol = Symbol.for('slipway.resource') as never;

/** What every constructor takes: the object without apiVersion and kind, named, or to be named by the server. */
export type Init<T> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly metadata: Metadata<T>;
};

type Metadata<T> = T extends { readonly metadata: infer M }
  ? M & ({ readonly name: string } | { readonly generateName: string })
  : never;

interface AnyInit {
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** A resource in a manifest: an immutable value, equal to the JSON object that is applied. */
export class Resource {
  readonly apiVersion: string;
  readonly kind: string;
  declare readonly metadata: AnyInit['metadata'];

  constructor(apiVersion: string, kind: string, init: AnyInit) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    Object.assign(this, init);
    Object.defineProperty(this, RESOURCE, { value: true });
  }

  /** The object's name; empty while the server has still to make one up. */
  get name(): string {
    return this.metadata.name ?? '';
  }

  get namespace(): string | undefined {
    return this.metadata.namespace;
  }
}
