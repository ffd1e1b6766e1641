import type { ComponentStatus } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { ComponentHealth, Strategy } from './strategy.ts';

/** ComponentStatuses: one for each part of the control plane that the server is told of, as it is now. */
export const componentStatuses: Strategy<ComponentStatus & KubeObject> = {
  objects: (context) => context.health().map(statusOf),
};

function statusOf({ name, error }: ComponentHealth): ComponentStatus & KubeObject {
  const said = error === undefined ? { message: 'ok' } : { message: error };
  return {
    apiVersion: 'v1',
    kind: 'ComponentStatus',
    metadata: { name },
    conditions: [{ type: 'Healthy', status: error === undefined ? 'True' : 'False', ...said }],
  };
}
