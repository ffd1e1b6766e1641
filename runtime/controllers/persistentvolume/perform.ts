import { persistentvolumeclaims, persistentvolumes } from '../../../generated/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type { Client } from '../../client/index.ts';
import { claimFor, claimStatus, volumeFor } from './bound.ts';

/** Brings a claim and its volume together: whatever of the four writes is not done yet. */
export async function bind(
  client: Client,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
): Promise<void> {
  const wanted = volumeFor(volume, claim);
  const kept = wanted === volume ? volume : await client.update(persistentvolumes, wanted);
  await writePhase(client, kept, 'Bound');
  const named = claimFor(claim, kept);
  const bound = named === claim ? claim : await client.update(persistentvolumeclaims, named);
  await writeClaimStatus(client, bound, 'Bound', kept);
}

/** Whether it differed from what the volume says. */
export async function writePhase(
  client: Client,
  volume: PersistentVolume,
  phase: string,
  message = '',
): Promise<boolean> {
  const { message: before = '', reason: _, ...rest } = volume.status ?? {};
  if (rest.phase === phase && before === message) return false;
  const status = { ...rest, phase, ...(message ? { message } : {}) };
  await client.updateStatus(persistentvolumes, { ...volume, status });
  return true;
}

/** Whether it differed from what the claim says. */
export async function writeClaimStatus(
  client: Client,
  claim: PersistentVolumeClaim,
  phase: 'Pending' | 'Bound' | 'Lost',
  volume?: PersistentVolume,
): Promise<boolean> {
  const status = claimStatus(claim, phase, volume);
  if (status === claim.status) return false;
  await client.updateStatus(persistentvolumeclaims, { ...claim, status });
  return true;
}
