/** The mark by which evaluation knows a resource, whichever copy of this module made it. */
export const RESOURCE: unique symbol = Symbol.for('slipway.resource') as never;

/**
 * What every constructor takes: the object without apiVersion and kind, named, or to be named by the server. `Stated` are the
 * fields that the API has as optional and refuses when they are left out. Fields keep their texts, hence the mapped types.
 */
export type Init<T, Stated extends keyof T = never> = {
  [Field in keyof T as Exclude<Field, 'apiVersion' | 'kind'>]: Field extends 'metadata'
    ? Named<T[Field]>
    : T[Field];
} & Stating<T, Stated>;

/** Metadata with a name, or with the start of one; the first is told by its name, so that hovering and errors follow it. */
type Named<M> =
  | (M & Stating<M, Extract<'name', keyof M>>)
  | (Omit<M, 'name'> & { readonly name?: never } & Stating<M, Extract<'generateName', keyof M>>);

type Stating<M, Field extends keyof M> = { readonly [F in Field]-?: NonNullable<M[F]> };

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
