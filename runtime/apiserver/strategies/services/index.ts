/**
 * Services: defaults that depend on the type (`defaults.ts`), addresses from the service range and node ports (`allocate.ts`), and
 * rules over several fields (`validate.ts`). What is allocated is found through indexes over the services themselves, so that
 * nothing can leak; a dry run allocates nothing because it stores nothing.
 */
import type { Strategy } from '../strategy.ts';
import { allocated } from './allocate.ts';
import { completed, completedStatus } from './defaults.ts';
import { keepAllocated } from './keep.ts';
import { CLUSTER_IP, NODE_PORT } from './numbers.ts';
import type { StoredService } from './service.ts';
import { statusProblems } from './status.ts';
import { fixedProblems, serviceProblems } from './validate.ts';

export const services: Strategy<StoredService> = {
  returnsDeleted: true,
  indexes: {
    [CLUSTER_IP]: ({ spec }) => spec?.clusterIPs?.filter((each) => each !== 'None') ?? [],
    [NODE_PORT]: ({ spec }) => [
      ...(spec?.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [String(nodePort)] : [])),
      ...(spec?.healthCheckNodePort ? [String(spec.healthCheckNodePort)] : []),
    ],
  },
  prepareCreate: (service, context) => allocated(completed(service), context),
  prepareUpdate: (service, old, context) =>
    allocated(completed(keepAllocated(service, old)), context),
  prepareStatus: completedStatus,
  validate: (service, old) => [
    ...serviceProblems(service),
    ...(old ? fixedProblems(service.spec ?? {}, old.spec ?? {}) : []),
  ],
  validateStatus: statusProblems,
};
