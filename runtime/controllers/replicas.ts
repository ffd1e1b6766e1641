import type { ReplicaSet, ReplicaSetStatus } from '../../generated/apps/v1/types.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';

/**
 * A kind that keeps a number of equal pods, for the controller that works on ReplicaSets: how its objects are read as such,
 * and how a status gets into them.
 */
export interface ReplicaKind<T extends KubeObject> {
  /** Name of the controller. */
  readonly name: string;
  readonly resource: ResourceRef<T>;
  /** Whether the status counts pods that are ending. */
  readonly countsTerminating: boolean;
  /** The object in the form of a ReplicaSet, under its own apiVersion and kind; the same value for the same object. */
  asReplicaSet(object: T): ReplicaSet;
  withStatus(object: T, status: ReplicaSetStatus): T;
}
