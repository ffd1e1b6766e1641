import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { replicationcontrollers } from '../../../generated/core/v1/resources.ts';
import type { ReplicationController } from '../../../generated/core/v1/types.ts';
import type { ReplicaKind } from '../replicas.ts';

const known = new WeakMap<ReplicationController, ReplicaSet>();

/** How a ReplicationController is read, and written. */
export const replicationControllers: ReplicaKind<ReplicationController> = {
  name: 'replicationcontroller',
  resource: replicationcontrollers,
  countsTerminating: false,
  asReplicaSet(object) {
    let found = known.get(object);
    if (!found) {
      found = translate(object);
      known.set(object, found);
    }
    return found;
  },
  withStatus: (object, { terminatingReplicas: _, ...status }) => ({ ...object, status }),
};

/** Two selectors of the same labels are one, so that what is compiled from them is too. */
const selectors = new WeakMap<object, { readonly matchLabels: Readonly<Record<string, string>> }>();

function translate({ spec, ...object }: ReplicationController): ReplicaSet {
  const labels = spec?.selector ?? spec?.template?.metadata?.labels ?? {};
  const selector = selectors.get(labels) ?? { matchLabels: labels };
  selectors.set(labels, selector);
  return { ...object, spec: { ...spec, selector } } as unknown as ReplicaSet;
}
