import type { Volume } from '../../../generated/core/v1/types.ts';

/** Whether two pods on one node cannot have these volumes side by side. */
export function conflict(a: Volume, b: Volume): boolean {
  return sameGce(a, b) || sameAws(a, b) || sameIscsi(a, b) || sameRbd(a, b);
}

function sameGce({ gcePersistentDisk: a }: Volume, { gcePersistentDisk: b }: Volume): boolean {
  return Boolean(a && b) && a!.pdName === b!.pdName && !(a!.readOnly && b!.readOnly);
}

function sameAws(
  { awsElasticBlockStore: a }: Volume,
  { awsElasticBlockStore: b }: Volume,
): boolean {
  return Boolean(a && b) && a!.volumeID === b!.volumeID;
}

function sameIscsi({ iscsi: a }: Volume, { iscsi: b }: Volume): boolean {
  return Boolean(a && b) && a!.iqn === b!.iqn && !(a!.readOnly && b!.readOnly);
}

function sameRbd({ rbd: a }: Volume, { rbd: b }: Volume): boolean {
  if (!a || !b || (a.readOnly && b.readOnly)) return false;
  const monitors = (a.monitors ?? []) as readonly string[];
  return (
    monitors.some((monitor) => b.monitors?.includes(monitor)) &&
    (a.pool ?? 'rbd') === (b.pool ?? 'rbd') &&
    a.image === b.image
  );
}
