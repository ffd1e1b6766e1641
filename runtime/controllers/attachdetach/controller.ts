import {
  nodes,
  persistentvolumeclaims,
  persistentvolumes,
  pods,
} from '../../../generated/core/v1/resources.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { csidrivers, volumeattachments } from '../../../generated/storage/v1/resources.ts';
import type { VolumeAttachment } from '../../../generated/storage/v1/types.ts';
import {
  type Client,
  type Controller,
  type ControllerDeps,
  type EventRecorder,
  listerOf,
  watch,
} from '../../client/index.ts';
import {
  isAlreadyExists,
  isNotFound,
  jsonEqual,
  keyOf,
  type WatchEvent,
} from '../../meta/index.ts';
import { claimsInUse, podsByClaim } from '../pod-claims.ts';
import { hasPodEnded } from '../pods.ts';
import {
  type AttachPlan,
  attachedName,
  attachmentName,
  decideAttachments,
  type NeededVolume,
} from './decide.ts';

const WITH_CLAIMS = 'node-of-claims';
const BY_NODE = 'node';
const BY_VOLUME = 'volume';

/** Has volumes attached where pods need them. Key: the node. */
export function createAttachDetachController(deps: ControllerDeps): Controller {
  const { transport } = deps;
  transport.addIndex<Pod>(pods, WITH_CLAIMS, nodeOfClaims);
  transport.addIndex<VolumeAttachment>(volumeattachments, BY_NODE, ({ spec }) => [spec.nodeName]);
  transport.addIndex<VolumeAttachment>(volumeattachments, BY_VOLUME, ({ spec }) => [
    spec.source.persistentVolumeName ?? '',
  ]);
  const podLister = listerOf(deps, pods);
  const claims = listerOf(deps, persistentvolumeclaims);
  const volumes = listerOf(deps, persistentvolumes);
  const drivers = listerOf(deps, csidrivers);
  const nodeLister = listerOf(deps, nodes);
  const attachments = listerOf(deps, volumeattachments);
  const users = podsByClaim(deps);

  function neededOn(node: string): NeededVolume[] {
    const needed = new Map<string, { volume: NeededVolume['volume']; pods: Pod[] }>();
    for (const pod of podLister.byIndex(WITH_CLAIMS, node))
      for (const key of claimsInUse(pod)) {
        const volume = volumes.get(claims.byKey(key)?.spec?.volumeName ?? '');
        const driver = volume?.spec?.csi?.driver;
        if (!driver || drivers.get(driver)?.spec?.attachRequired === false) continue;
        const { name = '' } = volume.metadata;
        const known = needed.get(name);
        if (known) known.pods.push(pod);
        else needed.set(name, { volume, pods: [pod] });
      }
    return [...needed.values()];
  }

  const usersElsewhere = ({ volume }: NeededVolume, node: string): readonly Pod[] => {
    const { namespace = '', name = '' } = volume.spec?.claimRef ?? {};
    return users.of(`${namespace}/${name}`).filter(({ spec }) => spec?.nodeName !== node);
  };

  const nodesOf = (claimKey: string): string[] =>
    users.of(claimKey).flatMap(({ spec }) => spec?.nodeName ?? []);

  /** Its own node; once it is gone, those that waited for it too. */
  function nodesTouchedBy({ type, object }: WatchEvent<VolumeAttachment>): Iterable<string> {
    const { nodeName, source } = object.spec;
    const claim = volumes.get(source.persistentVolumeName ?? '')?.spec?.claimRef;
    if (type !== 'DELETED' || !claim) return [nodeName];
    return new Set([nodeName, ...nodesOf(`${claim.namespace ?? ''}/${claim.name ?? ''}`)]);
  }

  return {
    name: 'attachdetach',
    watches: [
      watch(
        pods,
        ({ object }) => [object.spec?.nodeName ?? ''],
        (event) => changesNeeds(event),
      ),
      watch(persistentvolumeclaims, ({ object, previous }) =>
        object.spec?.volumeName === previous?.spec?.volumeName ? [] : nodesOf(keyOf(object)),
      ),
      watch(volumeattachments, nodesTouchedBy),
    ],
    async reconcile(node, { client, events }) {
      const plan = decideAttachments({
        node,
        needed: neededOn(node),
        attachments: attachments.byIndex(BY_NODE, node),
        attachmentsOf: (volume) => attachments.byIndex(BY_VOLUME, volume),
      });
      for (const each of plan.blocked) tellBlocked(events, each, usersElsewhere(each, node));
      await perform(client, node, plan);
      const found = nodeLister.get(node);
      if (found) await report(client, events, found, plan);
      const { attach, detach } = plan;
      if (attach.length + detach.length === 0) return;
      return {
        decision: {
          attach: attach.map(({ volume }) => volume.metadata.name),
          detach: detach.map(({ spec }) => spec.source.persistentVolumeName),
        },
      };
    },
  };
}

function nodeOfClaims(pod: Pod): readonly string[] {
  return claimsInUse(pod).length === 0 || hasPodEnded(pod) ? [] : [pod.spec?.nodeName ?? ''];
}

/** Whether a pod with claims came to its node, ended or went. */
function changesNeeds({ object, previous, type }: WatchEvent<Pod>): boolean {
  if (claimsInUse(object).length === 0) return false;
  if (type !== 'MODIFIED' || !previous) return true;
  return (
    object.spec?.nodeName !== previous.spec?.nodeName ||
    hasPodEnded(object) !== hasPodEnded(previous)
  );
}

async function perform(client: Client, node: string, { attach, detach }: AttachPlan) {
  for (const { volume } of attach)
    try {
      await client.create(volumeattachments, {
        metadata: { name: attachmentName(volume, node) },
        spec: {
          attacher: volume.spec?.csi?.driver ?? '',
          nodeName: node,
          source: { persistentVolumeName: volume.metadata.name ?? '' },
        },
      });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  for (const { metadata } of detach)
    try {
      await client.delete(volumeattachments, { name: metadata.name ?? '' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
}

/** Writes what is attached into the node's status, and tells the pods of what is new there. */
async function report(
  client: Client,
  events: EventRecorder,
  { metadata, status }: Node,
  { attached }: AttachPlan,
): Promise<void> {
  const before = status?.volumesAttached ?? [];
  const now = attached
    .map(({ volume }) => ({ name: attachedName(volume), devicePath: '' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (jsonEqual(before, now)) return;
  const patch = { status: { volumesAttached: now.length > 0 ? now : null } };
  try {
    await client.patch(nodes, { name: metadata.name ?? '' }, patch, {
      type: 'application/merge-patch+json',
      subresource: 'status',
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const known = new Set(before.map(({ name }) => name));
  for (const { volume, pods: waiting } of attached)
    if (!known.has(attachedName(volume)))
      for (const pod of waiting)
        events.event(
          pod,
          'Normal',
          'SuccessfulAttachVolume',
          `AttachVolume.Attach succeeded for volume "${volume.metadata.name}" `,
        );
}

function tellBlocked(
  events: EventRecorder,
  { volume, pods: waiting }: NeededVolume,
  others: readonly Pod[],
): void {
  const names = others.map(({ metadata }) => metadata.name).join(', ');
  const why =
    others.length > 0
      ? `Volume is already used by pod(s) ${names}`
      : "Volume is already exclusively attached to one node and can't be attached to another";
  for (const pod of waiting)
    events.event(
      pod,
      'Warning',
      'FailedAttachVolume',
      `Multi-Attach error for volume "${volume.metadata.name}" ${why}`,
    );
}
