import { namespaces, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isAlreadyExists, isNamespaceTerminating } from '../../meta/index.ts';

const NAME = 'default';

/** Sees to it that every active namespace has the ServiceAccount `default`. Key: the namespace. */
export function createServiceAccountController(deps: ControllerDeps): Controller {
  const spaces = listerOf(deps, namespaces);
  const accounts = listerOf(deps, serviceaccounts);
  return {
    name: 'serviceaccount',
    watches: [
      watch(namespaces, ({ type, object }) =>
        type === 'DELETED' || !object.metadata.name ? [] : [object.metadata.name],
      ),
      watch(serviceaccounts, ({ type, object: { metadata } }) =>
        type === 'DELETED' && metadata.name === NAME ? [metadata.namespace ?? ''] : [],
      ),
    ],
    async reconcile(namespace, { client }) {
      if (spaces.byKey(namespace)?.status?.phase !== 'Active') return;
      if (accounts.get(NAME, namespace)) return;
      try {
        await client.create(serviceaccounts, { metadata: { name: NAME, namespace } });
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
      }
      return { decision: { create: NAME } };
    },
  };
}
