import type { Pod, Volume } from '../../../generated/core/v1/types.ts';

/** Index of pods by the ConfigMaps and Secrets of which their volumes are made: `configmap/name`, `secret/name` in a namespace. */
export const BY_CONTENT = 'spec.volumes';

/** In every pod, and the same for ever. */
const EVERYWHERE = 'kube-root-ca.crt';

export const contentKey = (kind: 'configmap' | 'secret', namespace: string, name: string): string =>
  `${kind}/${namespace}/${name}`;

const NONE: readonly string[] = [];
const known = new WeakMap<
  readonly Volume[],
  readonly (readonly ['configmap' | 'secret', string])[]
>();

/** The objects that a pod's volumes show. */
export function contentKeys({ metadata, spec }: Pod): readonly string[] {
  const { volumes } = spec ?? {};
  if (!volumes) return NONE;
  const found = known.get(volumes) ?? volumes.flatMap(sourcesOf);
  known.set(volumes, found);
  if (found.length === 0) return NONE;
  return found.map(([kind, name]) => contentKey(kind, metadata.namespace ?? '', name));
}

function sourcesOf({
  configMap,
  secret,
  projected,
}: Volume): (readonly ['configmap' | 'secret', string])[] {
  const maps = [configMap, ...(projected?.sources ?? []).map((each) => each.configMap)];
  const secrets = [
    secret?.secretName,
    ...(projected?.sources ?? []).map((each) => each.secret?.name),
  ];
  return [
    ...maps.flatMap((each) =>
      each?.name && each.name !== EVERYWHERE ? [['configmap', each.name] as const] : [],
    ),
    ...secrets.flatMap((name) => (name ? [['secret', name] as const] : [])),
  ];
}
