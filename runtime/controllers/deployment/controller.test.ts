import { expect, it } from 'vitest';
import type { Deployment } from '../../../generated/apps/v1/types.ts';
import { Random } from '../../base/index.ts';
import type { Client, Lister, ReconcileContext } from '../../client/index.ts';
import { createDeploymentController } from './index.ts';
import { deploymentOf } from './rollout.fakes.ts';

it('refuses a selector that takes every pod, once for each generation', async () => {
  const everything = deploymentOf({ spec: { selector: {} } });
  let stored: Deployment = everything;
  const told: string[] = [];
  const lister = { byKey: () => stored } as unknown as Lister<unknown>;
  const controller = createDeploymentController({
    transport: { lister: () => lister as never, addIndex: () => {} },
    config: {},
    now: () => 0,
  });
  const context: ReconcileContext = {
    client: {
      updateStatus: (_: unknown, object: Deployment) => {
        stored = object;
      },
    } as unknown as Client,
    events: {
      event: (_about, type, reason, message) => told.push(`${type} ${reason}: ${message}`),
    },
    random: Random.seeded(1),
    now: () => 0,
  };
  await controller.reconcile('default/web', context);
  expect(stored.status).toEqual({ observedGeneration: 1 });
  const before = stored;
  await controller.reconcile('default/web', context);
  expect(stored).toBe(before);
  const message = 'This deployment is selecting all pods. A non-empty selector is required.';
  expect(new Set(told)).toEqual(new Set([`Warning SelectingAll: ${message}`]));
});
