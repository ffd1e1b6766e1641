import { configmaps, namespaces } from '../../../generated/core/v1/resources.ts';
import type { ConfigMap } from '../../../generated/core/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import {
  isAlreadyExists,
  isNamespaceTerminating,
  isNotFound,
  jsonEqual,
} from '../../meta/index.ts';

const NAME = 'kube-root-ca.crt';
const DESCRIPTION = 'kubernetes.io/description';
const TEXT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal ' +
  'service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export interface RootCaConfig {
  /** The certificate authority's certificate, PEM. */
  readonly certificate: string;
}

/** Publishes the root certificate as a ConfigMap in every namespace. Key: the namespace. */
export function createRootCaCertPublisher(deps: ControllerDeps<RootCaConfig>): Controller {
  const spaces = listerOf(deps, namespaces);
  const maps = listerOf(deps, configmaps);
  const data = { 'ca.crt': deps.config.certificate };
  return {
    name: 'root-ca-cert-publisher',
    watches: [
      watch(namespaces, ({ type, object }) =>
        type === 'DELETED' || !object.metadata.name ? [] : [object.metadata.name],
      ),
      watch(configmaps, ({ type, object: { metadata } }) =>
        type !== 'ADDED' && metadata.name === NAME ? [metadata.namespace ?? ''] : [],
      ),
    ],
    async reconcile(namespace, { client }) {
      if (!spaces.byKey(namespace)) return;
      const live = maps.get(NAME, namespace);
      if (live && isRight(live, data)) return;
      const annotations = { ...live?.metadata.annotations, [DESCRIPTION]: TEXT };
      const metadata = { ...live?.metadata, name: NAME, namespace, annotations };
      try {
        if (live) await client.update(configmaps, { ...live, metadata, data });
        else await client.create(configmaps, { metadata, data });
      } catch (error) {
        const lost = isNotFound(error) || isNamespaceTerminating(error) || isAlreadyExists(error);
        if (!lost) throw error;
      }
      return { decision: live ? { update: NAME } : { create: NAME } };
    },
  };
}

function isRight({ metadata, data }: ConfigMap, wanted: Readonly<Record<string, string>>): boolean {
  return Boolean(metadata.annotations?.[DESCRIPTION]) && jsonEqual(data, wanted);
}
