import type { Node } from '../../../generated/core/v1/types.ts';
import type { BufferedRecorder } from '../../client/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Kubelets } from '../kubelets.ts';
import type { NodeRecord } from '../state.ts';
import type { Machine } from './machine.ts';
import type { EvictionSettings } from './settings.ts';
import { type Cleared, type Survey, survey } from './survey.ts';

/** What work on one node at one moment needs. */
export interface Desk {
  readonly kubelets: Kubelets;
  readonly node: NodeRecord;
  readonly machine: Machine;
  readonly settings: EvictionSettings;
  readonly nowMs: number;
  readonly recorder: BufferedRecorder;
}

export function surveyOf({ kubelets, node, machine, nowMs }: Desk, cleared?: Cleared): Survey {
  return survey(kubelets, node, machine, nowMs, cleared);
}

/** An event about the node. A kubelet's events carry the node's name in the place of its uid. */
export function tellNode(
  { recorder, node }: Desk,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const metadata: Node['metadata'] = { name: node.name, uid: node.name };
  recorder.event({ apiVersion: 'v1', kind: 'Node', metadata } as KubeObject, type, reason, message);
}
