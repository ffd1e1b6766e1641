import type { ApiRequest, KubeObject, PropagationPolicy, User } from '../../meta/index.ts';
import type { Awaitable } from '../../storage/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';
import type { Rounds } from './webhooks/rounds.ts';

/** A write on its way to the store, as admission sees it. */
export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: ServedKind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string | undefined;
  /** The new object; for deletions the stored one. */
  readonly object: KubeObject;
  readonly old?: KubeObject;
  readonly user: User;
  readonly dryRun: boolean;
  readonly propagationPolicy?: PropagationPolicy;
  /** The kind of the object, where it is none of the resource: of what is made at a subresource, or connected with. */
  readonly said?: { readonly group: string; readonly version: string; readonly kind: string };
  readonly request?: ApiRequest;
  /** Of a request that webhooks may change. */
  readonly rounds?: Rounds;
}

/** Gives back what was taken for a write that did not happen. */
export type Refund = () => Awaitable<void>;

/**
 * One admission plugin. `mutate` gives the object to go on with (the same reference when it changes nothing), `validate` looks
 * at the final one; both refuse by throwing an `ApiError`. Objects of one template must go on sharing what they shared. What is
 * malformed is let pass: validation comes later and says so.
 */
export interface AdmissionPlugin {
  readonly name: string;
  /** The one resource whose main objects it looks at, and no subresource; absent: it is asked about everything. */
  readonly resource?: string;
  mutate?(attributes: AdmissionAttributes, core: Core): KubeObject;
  validate?(attributes: AdmissionAttributes, core: Core): void;
  /** What the client is told about the final object, which everybody has let pass. */
  warnings?(attributes: AdmissionAttributes, core: Core): readonly string[];
  /**
   * Takes what the write costs, after everybody has let it pass and right before it is stored; undefined when it costs nothing. At
   * most one plugin of a chain does.
   */
  charge?(
    attributes: AdmissionAttributes,
    core: Core,
    cause: ApiRequest['cause'],
  ): Promise<Refund> | undefined;
}
