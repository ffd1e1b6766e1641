import { forbidden, isDeleting, type KubeObject, notFound } from '../../meta/index.ts';
import { about } from '../kind.ts';
import type { AdmissionPlugin } from './plugin.ts';

const IMMORTAL = new Set(['default', 'kube-public', 'kube-system']);

interface Namespace extends KubeObject {
  readonly status?: { readonly phase?: string };
}

/** Nothing is created in a namespace that does not exist or is going away; the system's namespaces stay. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  mutate({ operation, kind, namespace, name, object }, core) {
    const isNamespace = kind.id === 'namespaces';
    if (operation === 'DELETE' && isNamespace && IMMORTAL.has(name))
      throw forbidden(about(kind, name), 'this namespace may not be deleted');
    if (operation !== 'CREATE' || !namespace || isNamespace) return object;
    const found = core.kindById('namespaces')?.cache.row(namespace)?.object as
      | Namespace
      | undefined;
    if (!found) throw notFound({ group: '', resource: 'namespaces', name: namespace });
    if (!isDeleting(found) && found.status?.phase !== 'Terminating') return object;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw forbidden(about(kind, name), why, [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ]);
  },
};
