import type { Lease } from '../../generated/coordination/v1/types.ts';
import type { Node, Pod, Service } from '../../generated/core/v1/types.ts';
import type { CSINode } from '../../generated/storage/v1/types.ts';
import {
  BufferedRecorder,
  type Client,
  type ComponentContext,
  createClient,
  type EventRecorder,
  type Lister,
} from '../client/index.ts';
import type { User } from '../meta/index.ts';
import type { Settings } from './kubelet-settings.ts';
import type { Network } from './network/index.ts';
import type { References } from './references/index.ts';
import type { ScriptBook } from './script-book.ts';
import type { NodesState } from './state.ts';

export const KUBELET = 'kubelet';
/** Index of pods by the node they are bound to. */
export const BY_NODE = 'spec.nodeName';

/** What the parts of this folder share: the state, the way to the API and the time. */
export interface Kubelets {
  readonly state: NodesState;
  readonly context: ComponentContext;
  readonly pods: Lister<Pod>;
  readonly nodes: Lister<Node>;
  readonly leases: Lister<Lease>;
  readonly csiNodes: Lister<CSINode>;
  readonly services: Lister<Service>;
  readonly references: References;
  /** What carries calls from one pod to another. */
  readonly network: Network;
  readonly scripts: ScriptBook;
  /** The release that all kubelets are of. */
  readonly release: string;
  settings(): Settings;
  /** What the files of a folder of static pods say; of the folder that all kubelets have in common where no path is given. */
  manifests(path: string | undefined): readonly Pod[];
}

/** A client that writes as one kubelet, for the journal record `record`. */
export function clientOf({ context }: Kubelets, user: User, record: number): Client {
  return createClient(context.transport, {
    user,
    cause: { component: KUBELET, record },
    fieldManager: KUBELET,
  });
}

export function recorderOf({ state, context }: Kubelets, host: string): BufferedRecorder {
  return new BufferedRecorder({ component: KUBELET, host }, state.correlator, () =>
    context.pace.now(),
  );
}

export type { Client, EventRecorder };

export function userOf(node: string): User {
  return { name: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'] };
}
