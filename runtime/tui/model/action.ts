/** An object by its kind's id (`deployments.apps`) and its key (`namespace/name`). */
export interface Target {
  readonly resource: string;
  readonly key: string;
}

/** What a user may do to objects. */
export type ActionVerb =
  | 'delete'
  | 'kill'
  | 'scale'
  | 'restart'
  | 'image'
  | 'rollback'
  | 'cordon'
  | 'uncordon'
  | 'drain'
  | 'suspend'
  | 'trigger'
  /** Changes nothing in the cluster: a port of this machine leads to one of a pod. */
  | 'forward';

/** Something to be done, as data: the shell does it through a client. */
export interface Action {
  readonly verb: ActionVerb;
  readonly targets: readonly Target[];
  readonly options: Readonly<Record<string, string>>;
}
