import { describe, expect, it } from 'vitest';
import type { PersistentVolume } from '../../../generated/core/v1/types.ts';
import type { VolumeAttachment } from '../../../generated/storage/v1/types.ts';
import { attachedName, attachmentName, decideAttachments } from './decide.ts';

type Mode = NonNullable<NonNullable<PersistentVolume['spec']>['accessModes']>[number];

const volume = (name: string, mode: Mode = 'ReadWriteOnce'): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { accessModes: [mode], csi: { driver: 'p.test', volumeHandle: `h-${name}` } },
});
const need = (of: PersistentVolume) => ({ volume: of, pods: [] });

const attachment = (
  of: PersistentVolume,
  nodeName: string,
  attached = true,
  name = attachmentName(of, nodeName),
): VolumeAttachment => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'VolumeAttachment',
  metadata: { name },
  spec: {
    attacher: 'p.test',
    nodeName,
    source: { persistentVolumeName: of.metadata.name ?? '' },
  },
  status: { attached },
});

/** The names in the plan for node `n`. */
function plan(needed: PersistentVolume[], all: VolumeAttachment[]) {
  const { attach, detach, blocked, attached } = decideAttachments({
    node: 'n',
    needed: needed.map(need),
    attachments: all.filter(({ spec }) => spec.nodeName === 'n'),
    attachmentsOf: (name) => all.filter(({ spec }) => spec.source.persistentVolumeName === name),
  });
  const names = (list: typeof attach) => list.map((each) => each.volume.metadata.name);
  return {
    attach: names(attach),
    detach: detach.map(({ spec }) => spec.source.persistentVolumeName),
    blocked: names(blocked),
    attached: names(attached),
  };
}

describe('the volumes of a node', () => {
  const NOTHING = { attach: [], detach: [], blocked: [], attached: [] };
  const [v, w] = [volume('v'), volume('w')];

  it('are attached where they are needed, and detached where they are not', () => {
    expect(plan([v], [attachment(w, 'n')])).toEqual({ ...NOTHING, attach: ['v'], detach: ['w'] });
  });

  it('are attached once the driver says so', () => {
    expect(plan([v], [attachment(v, 'n', false)])).toEqual(NOTHING);
    expect(plan([v], [attachment(v, 'n')])).toEqual({ ...NOTHING, attached: ['v'] });
  });

  it('wait for another node that alone may have them', () => {
    expect(plan([v], [attachment(v, 'other')])).toEqual({ ...NOTHING, blocked: ['v'] });
    const shared = volume('s', 'ReadWriteMany');
    expect(plan([shared], [attachment(shared, 'other')])).toEqual({ ...NOTHING, attach: ['s'] });
  });

  it('are waited for while they are detached from this very node', () => {
    const { metadata, ...rest } = attachment(v, 'n');
    const going = { ...rest, metadata: { ...metadata, deletionTimestamp: '2025-01-01T00:00:00Z' } };
    expect(plan([v], [going])).toEqual(NOTHING);
    expect(plan([], [going])).toEqual(NOTHING);
  });

  it('are left alone where somebody else attached them', () => {
    expect(plan([], [attachment(v, 'n', true, 'by-hand')])).toEqual(NOTHING);
  });
});

it('names attachments by volume, driver and node', () => {
  expect(attachmentName(volume('v'), 'n')).toMatch(/^csi-[0-9a-f]{64}$/);
  expect(attachmentName(volume('v'), 'm')).not.toBe(attachmentName(volume('v'), 'n'));
  expect(attachedName(volume('v'))).toBe('kubernetes.io/csi/p.test^h-v');
});
