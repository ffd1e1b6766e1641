import { deployments, replicasets } from '../../../generated/apps/v1/resources.ts';
import type { Deployment, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import {
  type Controller,
  type ControllerDeps,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import { jsonEqual, keyOf } from '../../meta/index.ts';
import { decideClaims, performClaims } from '../claim.ts';
import { Dependents, indexByController } from '../dependents.ts';
import { hasPodEnded } from '../pods.ts';
import { type DeploymentActions, decide } from './decide.ts';
import { perform } from './perform.ts';

export function createDeploymentController(deps: ControllerDeps): Controller {
  const { transport } = deps;
  const lister = transport.lister(deployments);
  const setsOf = new Dependents<Deployment, ReplicaSet>(transport, deployments, replicasets);
  const podsOf = indexByController(transport, pods);
  const hasPods = ({ metadata }: ReplicaSet): boolean =>
    podsOf(metadata.uid ?? '').some((pod) => !hasPodEnded(pod));

  return {
    name: 'deployment',
    watches: [
      watch(deployments, ({ object }) => [keyOf(object)]),
      watch(replicasets, (event) => setsOf.keys(event)),
    ],
    async reconcile(key, context) {
      const deployment = lister.byKey(key);
      if (!deployment) return undefined;
      if (jsonEqual(deployment.spec?.selector, {})) return refuseSelector(context, deployment);
      const claims = decideClaims(
        deployment,
        setsOf.of(deployment.metadata.uid ?? ''),
        setsOf.orphansFor(deployment),
      );
      const owner = { ref: deployments, object: deployment };
      const replicaSets = await performClaims(context.client, owner, replicasets, claims);
      const nowMs = context.now();
      const actions = decide({ deployment, replicaSets, hasPods, nowMs });
      if (!(await perform(context, deployment, actions))) return undefined;
      const { deadlineMs } = actions;
      return {
        ...journalled(actions),
        ...(deadlineMs === undefined ? {} : { requeueAfterMs: Math.max(0, deadlineMs - nowMs) }),
      };
    },
  };
}

/** A selector that takes every pod of the namespace is taken for a mistake. */
async function refuseSelector(
  { client, events }: ReconcileContext,
  deployment: Deployment,
): Promise<undefined> {
  const message = 'This deployment is selecting all pods. A non-empty selector is required.';
  events.event(deployment, 'Warning', 'SelectingAll', message);
  const { metadata, status = {} } = deployment;
  const { generation = 0 } = metadata;
  if ((status.observedGeneration ?? 0) >= generation) return;
  const observed = { ...status, observedGeneration: generation };
  await client.updateStatus(deployments, { ...deployment, status: observed });
}

/** The actions as the journal keeps them: names and sizes, not objects. */
function journalled({ create, scalings, remove }: DeploymentActions): ReconcileResult {
  const decision = {
    ...(create ? { create: create.metadata.name } : {}),
    ...(scalings.length > 0 ? { scale: scalings } : {}),
    ...(remove.length > 0 ? { remove: remove.map(({ metadata }) => metadata.name) } : {}),
  };
  return Object.keys(decision).length > 0 ? { decision } : {};
}
