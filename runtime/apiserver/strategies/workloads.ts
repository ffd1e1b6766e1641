import type { Deployment, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { completeTemplate, templateProblems } from './pod-spec/index.ts';
import type { Strategy } from './strategy.ts';

const QUARTER = { maxSurge: '25%', maxUnavailable: '25%' };

function completeDeployment(object: Deployment & KubeObject): Deployment & KubeObject {
  const deployment = completeTemplate(object);
  const { strategy } = deployment.spec ?? {};
  if (!deployment.spec || strategy?.rollingUpdate) return deployment;
  if (strategy?.type && strategy.type !== 'RollingUpdate') return deployment;
  const completed = { ...strategy, type: 'RollingUpdate' as const, rollingUpdate: QUARTER };
  return { ...deployment, spec: { ...deployment.spec, strategy: completed } };
}

/** Deployments: the template's dependent defaults, and a quarter of surge and unavailability. */
export const deployments: Strategy<Deployment & KubeObject> = {
  prepareCreate: completeDeployment,
  prepareUpdate: completeDeployment,
  prepareStatus: withLabelsOf,
  validate: templateProblems,
};

/** Unlike other kinds, a Deployment keeps its labels when its status is written. */
function withLabelsOf(
  object: Deployment & KubeObject,
  { metadata: { labels } }: Deployment & KubeObject,
): Deployment & KubeObject {
  if (object.metadata.labels === labels) return object;
  const { labels: _, ...metadata } = object.metadata;
  return { ...object, metadata: labels ? { ...metadata, labels } : metadata };
}

/** ReplicaSets: the template's dependent defaults. */
export const replicaSets: Strategy<ReplicaSet & KubeObject> = {
  prepareCreate: completeTemplate,
  prepareUpdate: completeTemplate,
  validate: templateProblems,
};
