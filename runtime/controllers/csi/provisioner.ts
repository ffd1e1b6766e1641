import {
  nodes,
  persistentvolumeclaims,
  persistentvolumes,
} from '../../../generated/core/v1/resources.ts';
import type { PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import { csinodes, storageclasses } from '../../../generated/storage/v1/resources.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isAlreadyExists, isDeleting, keyOf, storageClassOf } from '../../meta/index.ts';
import { annotations } from '../volumes.ts';
import { type Topology, volumeFor, volumeNameFor } from './provisioned-volume.ts';
import { type WaitState, Waits } from './waits.ts';

/** Makes volumes for claims that ask a driver for one. Key: the claim. */
export function createProvisioner(deps: ControllerDeps<unknown, WaitState>): Controller {
  const claims = listerOf(deps, persistentvolumeclaims);
  const volumes = listerOf(deps, persistentvolumes);
  const classes = listerOf(deps, storageclasses);
  const nodeLister = listerOf(deps, nodes);
  const csiNodes = listerOf(deps, csinodes);
  const waits = new Waits(deps.inherited);

  /** Of a node, where its driver knows of places; else of the class. */
  function topologyFor(claim: PersistentVolumeClaim, driver: string, of: StorageClass): Topology {
    const node = claim.metadata.annotations?.[annotations.selectedNode];
    if (!node) return allowedTopology(of);
    const { drivers = [] } = csiNodes.get(node)?.spec ?? {};
    const keys = drivers.find(({ name }) => name === driver)?.topologyKeys ?? [];
    const labels = nodeLister.get(node)?.metadata.labels ?? {};
    return Object.fromEntries(
      keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])),
    );
  }

  return {
    name: 'csi-provisioner',
    watches: [
      watch(
        persistentvolumeclaims,
        ({ object }) => [keyOf(object)],
        ({ object, previous }) => asksForVolume(object) || (!!previous && asksForVolume(previous)),
      ),
    ],
    async reconcile(key, { client, events, now }) {
      const claim = claims.byKey(key);
      const storageClass = claim && classes.get(storageClassOf(claim));
      if (
        !claim ||
        !storageClass ||
        !isDue(claim, storageClass) ||
        volumes.get(volumeNameFor(claim))
      )
        return waits.end(key);
      const driver = claim.metadata.annotations?.[annotations.provisioner] ?? '';
      const nowMs = now();
      const { untilMs, isNew } = waits.begin(key, claim.metadata.uid ?? '', nowMs);
      if (isNew)
        events.event(
          claim,
          'Normal',
          'Provisioning',
          `External provisioner is provisioning volume for claim "${key}"`,
        );
      if (untilMs > nowMs) return { requeueAfterMs: untilMs - nowMs };
      const volume = volumeFor(
        claim,
        driver,
        storageClass,
        topologyFor(claim, driver, storageClass),
      );
      try {
        await client.create(persistentvolumes, volume);
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
      waits.end(key);
      const name = volumeNameFor(claim);
      events.event(
        claim,
        'Normal',
        'ProvisioningSucceeded',
        `Successfully provisioned volume ${name}`,
      );
      return { decision: { provision: name } };
    },
    inherit: () => waits.clone(),
  };
}

function asksForVolume({ metadata, spec }: PersistentVolumeClaim): boolean {
  return !spec?.volumeName && metadata.annotations?.[annotations.provisioner] !== undefined;
}

/** Whether a volume can be made for it now. */
function isDue(claim: PersistentVolumeClaim, { volumeBindingMode }: StorageClass): boolean {
  if (isDeleting(claim) || !asksForVolume(claim)) return false;
  const isChosen = claim.metadata.annotations?.[annotations.selectedNode] !== undefined;
  return isChosen || volumeBindingMode !== 'WaitForFirstConsumer';
}

/** The first place that the class allows. */
function allowedTopology({ allowedTopologies = [] }: StorageClass): Topology {
  const expressions = allowedTopologies[0]?.matchLabelExpressions ?? [];
  return Object.fromEntries(
    expressions.flatMap(({ key, values }) => (values[0] === undefined ? [] : [[key, values[0]]])),
  );
}
