import type { TokenRequest } from '../../../../generated/authentication/v1/types.ts';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Volume,
} from '../../../../generated/core/v1/types.ts';
import type { CSIDriver } from '../../../../generated/storage/v1/types.ts';
import { type KubeObject, notFound } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import type { AdmissionAttributes } from '../plugin.ts';

/** Why a kubelet gets no token: it must be bound to a pod on its node, and be for somebody whom the pod says. */
export function wrongToken(
  attributes: AdmissionAttributes,
  node: string,
  core: Core,
): string | undefined {
  const { namespace = '', object } = attributes;
  const { spec } = object as unknown as TokenRequest;
  const { apiVersion, kind, name, uid } = spec.boundObjectRef ?? {};
  if (apiVersion !== 'v1' || kind !== 'Pod' || !name)
    return 'node requested token not bound to a pod';
  if (!uid) return 'node requested token with a pod binding without a uid';
  const pod = core.object('pods', `${namespace}/${name}`) as (Pod & KubeObject) | undefined;
  if (!pod) throw notFound({ group: '', resource: 'pods', name });
  if (uid !== pod.metadata.uid)
    return (
      `the UID in the bound object reference (${uid}) does not match the UID in record. ` +
      'The object might have been deleted and then recreated'
    );
  if (pod.spec?.nodeName !== node)
    return 'node requested token bound to a pod scheduled on a different node';
  return wrongAudience(spec.audiences ?? [], pod, attributes, core);
}

function wrongAudience(
  audiences: readonly string[],
  pod: Pod & KubeObject,
  { user, namespace, name }: AdmissionAttributes,
  core: Core,
): string | undefined {
  if (audiences.length > 1) return 'node may only request 0 or 1 audiences';
  const [audience = ''] = audiences;
  if (pod.spec?.volumes?.some((volume) => names(volume, audience, pod, core))) return undefined;
  const verb = 'request-serviceaccounts-token-audience';
  const access = { verb, group: '', resource: audience, namespace, name };
  if (core.authorizer.decide(user, access).allowed) return undefined;
  return (
    `audience "${audience}" not found in pod spec volume, ${user.name} is not authorized to ` +
    'request tokens for this audience'
  );
}

/** Whether a volume of the pod wants tokens for an audience, by itself or through its driver. */
function names(volume: Volume, audience: string, pod: Pod & KubeObject, core: Core): boolean {
  const projected = volume.projected?.sources ?? [];
  if (
    projected.some(({ serviceAccountToken: token }) => token && (token.audience ?? '') === audience)
  )
    return true;
  const driver = driverOf(volume, pod, core);
  const found = driver && core.object('csidrivers.storage.k8s.io', driver);
  const { tokenRequests = [] } = (found as CSIDriver | undefined)?.spec ?? {};
  return tokenRequests.some((each) => each.audience === audience);
}

function driverOf(
  { csi, ephemeral, persistentVolumeClaim, name }: Volume,
  { metadata }: Pod & KubeObject,
  core: Core,
): string | undefined {
  if (csi) return csi.driver;
  const claim = ephemeral ? `${metadata.name}-${name}` : persistentVolumeClaim?.claimName;
  if (claim === undefined) return undefined;
  const found = core.object('persistentvolumeclaims', `${metadata.namespace}/${claim}`);
  const volume = (found as PersistentVolumeClaim | undefined)?.spec?.volumeName;
  const bound = volume && core.object('persistentvolumes', volume);
  return (bound as PersistentVolume | undefined)?.spec?.csi?.driver;
}
