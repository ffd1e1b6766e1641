import type { Node, Taint } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { AdmissionPlugin } from './plugin.ts';

const NOT_READY: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new node takes no pods until the node lifecycle controller has seen that it is ready, and takes the taint away. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  resource: 'nodes',
  mutate({ operation, object }) {
    if (operation !== 'CREATE') return object;
    const node = object as KubeObject & Node;
    const taints = node.spec?.taints ?? [];
    const { key, effect } = NOT_READY;
    if (taints.some((taint) => taint.key === key && taint.effect === effect)) return object;
    return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } } as KubeObject;
  },
};
