import type { StatefulSet } from '../../../generated/apps/v1/types.ts';
import type { Pod, Volume } from '../../../generated/core/v1/types.ts';
import type { Init } from '../../client/index.ts';
import { REVISION_LABEL } from '../history.ts';
import { podFromTemplate } from '../pod-control.ts';
import { claimName } from './claims.ts';
import type { Revision } from './revision.ts';

const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';
const ORDINAL_MAX = 2 ** 31 - 1;

type Named = { readonly metadata: { readonly name?: string } };

/** The number at the end of a pod's name, if what is before it is the name of the set. */
export function ordinalOf(set: StatefulSet, { metadata }: Named): number | undefined {
  const [, parent, digits] = /^(.*)-(\d+)$/.exec(metadata.name ?? '') ?? [];
  if (parent === undefined || parent !== set.metadata.name) return undefined;
  const ordinal = Number(digits);
  return ordinal <= ORDINAL_MAX ? ordinal : undefined;
}

export function startOrdinal({ spec }: StatefulSet): number {
  return spec?.ordinals?.start ?? 0;
}

export function wantedReplicas({ spec }: StatefulSet): number {
  return spec?.replicas ?? 1;
}

export function revisionOfPod({ metadata }: { metadata?: Pod['metadata'] }): string {
  return metadata?.labels?.[REVISION_LABEL] ?? '';
}

/** The pod with a number as a revision asks for it. All but its name and claims it shares with the others. */
export function newPod(set: StatefulSet, { name, template }: Revision, ordinal: number): Init<Pod> {
  const pod = podFromTemplate(set, template);
  const podName = `${set.metadata.name}-${ordinal}`;
  const labels = { ...identityLabels(template.metadata?.labels, podName), [REVISION_LABEL]: name };
  const { serviceName } = set.spec ?? {};
  return {
    ...pod,
    metadata: { ...pod.metadata, name: podName, labels },
    spec: {
      ...pod.spec,
      containers: pod.spec?.containers ?? [],
      hostname: podName,
      ...(serviceName ? { subdomain: serviceName } : {}),
      ...withVolumes(claimVolumes(set, ordinal), pod.spec?.volumes),
    },
  };
}

/** A pod with the labels and volumes that its name asks for; the very same when it has them. */
export function corrected(set: StatefulSet, pod: Pod, ordinal: number): Pod {
  const { metadata, spec } = pod;
  const { name = '' } = metadata;
  const isLabelled = metadata.labels?.[POD_NAME_LABEL] === name;
  const volumes = claimVolumes(set, ordinal);
  const isProvided = volumes.every((wanted) =>
    spec?.volumes?.some(
      (each) =>
        each.name === wanted.name &&
        each.persistentVolumeClaim?.claimName === wanted.persistentVolumeClaim?.claimName,
    ),
  );
  if (isLabelled && isProvided) return pod;
  const labels = identityLabels(metadata.labels, name);
  return {
    ...pod,
    ...(isLabelled ? {} : { metadata: { ...metadata, labels } }),
    ...(isProvided ? {} : { spec: { ...spec!, ...withVolumes(volumes, spec?.volumes) } }),
  };
}

function identityLabels(
  labels: Readonly<Record<string, string>> | undefined,
  podName: string,
): Record<string, string> {
  const index = podName.slice(podName.lastIndexOf('-') + 1);
  return { ...labels, [POD_NAME_LABEL]: podName, [POD_INDEX_LABEL]: index };
}

function claimVolumes(set: StatefulSet, ordinal: number): Volume[] {
  return (set.spec?.volumeClaimTemplates ?? []).map((template) => ({
    name: template.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
  }));
}

/** Claims take the place of volumes of the same name. */
function withVolumes(
  claims: readonly Volume[],
  volumes: readonly Volume[] = [],
): { volumes?: readonly Volume[] } {
  if (claims.length === 0) return {};
  const names = new Set(claims.map(({ name }) => name));
  return { volumes: [...claims, ...volumes.filter(({ name }) => !names.has(name))] };
}
