import type { Namespace } from '../../../generated/core/v1/types.ts';
import { isDeleting, type KubeObject } from '../../meta/index.ts';
import { invalid, type Problem } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredNamespace = Namespace & KubeObject;

const FINALIZER = 'kubernetes';
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Namespaces: kept by their own finalizers until the namespace controller has emptied them, and labelled with their name. */
export const namespaces: Strategy<StoredNamespace> = {
  returnsDeleted: true,
  prepareCreate(namespace) {
    const { finalizers = [] } = namespace.spec ?? {};
    const all = finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER];
    return labelled({
      ...namespace,
      spec: { ...namespace.spec, finalizers: all },
      status: { phase: 'Active' },
    });
  },
  prepareUpdate(namespace, { spec }) {
    return labelled({ ...namespace, ...(spec ? { spec } : {}) });
  },
  validateStatus: phaseProblems,
  markDeleted(namespace) {
    return { ...namespace, status: { ...namespace.status, phase: 'Terminating' } };
  },
  isHeld: ({ spec }) => (spec?.finalizers?.length ?? 0) > 0,
};

function labelled(namespace: StoredNamespace): StoredNamespace {
  const { name = '', labels } = namespace.metadata;
  if (labels?.[NAME_LABEL] === name) return namespace;
  const metadata = { ...namespace.metadata, labels: { ...labels, [NAME_LABEL]: name } };
  return { ...namespace, metadata };
}

/** The phase says what the deletion timestamp says. The path is the API's own spelling. */
function phaseProblems(namespace: StoredNamespace): Problem[] {
  const { phase } = namespace.status ?? {};
  const message = isDeleting(namespace)
    ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
    : "may only be 'Active' if `deletionTimestamp` is empty";
  const wanted = isDeleting(namespace) ? 'Terminating' : 'Active';
  return phase === wanted ? [] : [invalid('status.Phase', phase ?? '', message)];
}
