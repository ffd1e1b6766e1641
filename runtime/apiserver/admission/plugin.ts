import type { KubeObject, PropagationPolicy, User } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';

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
}

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
}
