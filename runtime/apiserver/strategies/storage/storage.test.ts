import { describe, expect, it } from 'vitest';
import {
  persistentvolumeclaims,
  persistentvolumes,
} from '../../../../generated/core/v1/resources.ts';
import type { PersistentVolume } from '../../../../generated/core/v1/types.ts';
import {
  csidrivers,
  csinodes,
  csistoragecapacities,
  storageclasses,
  volumeattachments,
  volumeattributesclasses,
} from '../../../../generated/storage/v1/resources.ts';
import type { ResourceRef } from '../../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';

const IN = { namespace: 'default' };
const hostPath = { path: '/x' };
const sized = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] };
const wish = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' };

type Row = readonly [why: string, resource: ResourceRef, body: object, ...messages: string[]];
const volume = (why: string, spec: object, ...messages: string[]): Row => [
  why,
  persistentvolumes,
  { spec: { ...sized, ...spec } },
  ...messages,
];
const claim = (why: string, spec: object, ...messages: string[]): Row => [
  why,
  persistentvolumeclaims,
  { spec: { ...wish, ...spec } },
  ...messages,
];

const DNS = 'a lowercase RFC 1123 subdomain must consist of';

const REFUSED: readonly Row[] = [
  volume('lies nowhere', {}, 'spec: Required value: must specify a volume type'),
  volume(
    'lies in two places',
    { hostPath, nfs: { server: 'a', path: '/b' } },
    'spec.nfs: Forbidden: may not specify more than 1 volume type',
  ),
  volume(
    'lies in two places, of which the second is not looked into',
    { nfs: { server: 'a', path: '/b' }, csi: { driver: '' } },
    'spec.csi: Forbidden: may not specify more than 1 volume type',
  ),
  volume(
    'has no size',
    { hostPath, capacity: { storage: '0' } },
    'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
  ),
  volume(
    'has a size of something else',
    { hostPath, capacity: { cpu: '1' } },
    'spec.capacity: Unsupported value: {"cpu":"1"}: supported values: "storage"',
  ),
  volume(
    'is for one pod and for many nodes',
    { hostPath, accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] },
    'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
  ),
  volume(
    'has an access mode that there is not',
    { hostPath, accessModes: ['Sometimes'] },
    'spec.accessModes: Unsupported value: "Sometimes"',
  ),
  volume(
    'empties the root of a node',
    { hostPath: { path: '//' }, persistentVolumeReclaimPolicy: 'Recycle' },
    "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
  ),
  volume(
    'is local to no node',
    { local: { path: '/x' } },
    'spec.nodeAffinity: Required value: Local volume requires node affinity',
  ),
  volume(
    'has a driver without a name, and half a secret',
    { csi: { driver: '', volumeHandle: 'v', nodePublishSecretRef: { name: 'a' } } },
    'spec.csi.driver: Required value',
    `spec.csi.driver: Invalid value: "": ${DNS}`,
    'spec.csi.nodePublishSecretRef.namespace: Required value',
  ),
  claim(
    'asks for nothing',
    { resources: { requests: { storage: '-1' } } },
    'spec.resources[storage]: Invalid value: "-1": must be greater than zero',
  ),
  claim(
    'starts with two different contents',
    { dataSource: snapshot, dataSourceRef: { ...snapshot, name: 't' } },
    'spec: Invalid value: "spec.dataSource": must match dataSourceRef',
  ),
  claim(
    'starts with an object of the core that is no claim',
    { dataSourceRef: { kind: 'Pod', name: 'p' } },
    `spec.dataSourceRef: Invalid value: "Pod": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
  ),
  [
    'is made by nobody that can be named',
    storageclasses,
    { provisioner: 'a b' },
    'provisioner: Invalid value: "a b": name part must consist of',
  ],
  [
    'has a parameter without a name',
    storageclasses,
    { provisioner: 'p.test', parameters: { '': 'a' } },
    'parameters: Invalid value: "": field can not be empty.',
  ],
  [
    'has too many parameters',
    storageclasses,
    {
      provisioner: 'p.test',
      parameters: Object.fromEntries(Array.from({ length: 513 }, (_, at) => [`k${at}`, 'v'])),
    },
    'parameters: Too long: may not be more than 512 bytes',
  ],
  [
    'describes a place twice',
    storageclasses,
    {
      provisioner: 'p.test',
      allowedTopologies: [
        { matchLabelExpressions: [{ key: 'zone', values: ['a', 'a'] }] },
        { matchLabelExpressions: [{ key: 'zone', values: ['a', 'a'] }] },
      ],
    },
    'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
    'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
  ],
  [
    'has no parameters',
    volumeattributesclasses,
    { driverName: 'p.test' },
    'parameters: Required value: must contain at least one key/value pair',
  ],
  [
    'gives a token twice, and for too short',
    csidrivers,
    { spec: { tokenRequests: [{ audience: 'a', expirationSeconds: 5 }, { audience: 'a' }] } },
    'spec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
    'spec.tokenRequests[1].audience: Duplicate value: "a"',
  ],
  [
    'lives otherwise than volumes do',
    csidrivers,
    { spec: { volumeLifecycleModes: ['Forever'] } },
    'spec.volumeLifecycleModes: Unsupported value: "Forever"',
  ],
  [
    'names a key twice',
    csinodes,
    { spec: { drivers: [{ name: 'p.test', nodeID: 'n', topologyKeys: ['zone', 'zone'] }] } },
    'spec.drivers[0]: Duplicate value: "zone"',
  ],
  [
    'has less than nothing',
    csistoragecapacities,
    { storageClassName: 'a', capacity: '-1' },
    'capacity: Invalid value: "-1": must be greater than or equal to 0',
  ],
  [
    'is attached by nobody, to no node',
    volumeattachments,
    { spec: { attacher: '', nodeName: '', source: { persistentVolumeName: 'v' } } },
    'spec.attacher: Required value',
    `spec.nodeName: Invalid value: "": ${DNS}`,
  ],
  [
    'attaches a volume of no possible name',
    volumeattachments,
    { spec: { attacher: 'p.test', nodeName: 'n', source: { persistentVolumeName: 'A!' } } },
    `spec.source.persistentVolumeName: Invalid value: "A!": ${DNS}`,
  ],
  [
    'brings more of a volume than where it lies',
    volumeattachments,
    {
      spec: {
        attacher: 'p.test',
        nodeName: 'n',
        source: { inlineVolumeSpec: { ...sized, volumeMode: 'Block', hostPath } },
      },
    },
    'spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes',
    'spec.source.inlineVolumeSpec.csi: Required value',
    'spec.source.inlineVolumeSpec.volumeMode: Forbidden: may not specify volumeMode other than Filesystem',
  ],
];

const create = <T>({ client }: Bench, resource: ResourceRef<T>, body: object) => {
  const metadata = { name: 'x', ...(resource.namespaced ? IN : {}) };
  return client.create(resource, { metadata, ...body } as never);
};

describe('an object of storage is refused that', () => {
  it.each(REFUSED)('%s', async (...row) => {
    const [, resource, body, ...messages] = row as unknown as Row;
    const answer = await refusal(create(await serverForTests(), resource, body));
    expect(answer).toMatchObject({ code: 422 });
    for (const message of messages)
      expect(answer).toMatchObject({ message: expect.stringContaining(message) });
  });
});

it('looks no further into an attachment that names a volume and specifies one', async () => {
  const source = { persistentVolumeName: 'v', inlineVolumeSpec: { volumeMode: 'Block', hostPath } };
  const body = { spec: { attacher: 'p.test', nodeName: 'n', source } };
  const answer = await refusal(create(await serverForTests(), volumeattachments, body));
  expect(answer).toMatchObject({ fields: ['spec.source'] });
});

type Change = readonly [
  why: string,
  resource: ResourceRef,
  body: object,
  patch: object,
  message: string,
];

const CHANGES: readonly Change[] = [
  [
    'the place of a volume',
    persistentvolumes,
    { spec: { ...sized, hostPath } },
    { spec: { hostPath: { path: '/y' } } },
    'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
  ],
  [
    'the form of a volume',
    persistentvolumes,
    { spec: { ...sized, hostPath } },
    { spec: { volumeMode: 'Block' } },
    'volumeMode: Invalid value: "Block": field is immutable',
  ],
  [
    'a claim that is not bound',
    persistentvolumeclaims,
    { spec: wish },
    { spec: { accessModes: ['ReadWriteMany'] } },
    'spec: Forbidden: spec is immutable after creation except resources.requests',
  ],
  [
    'how a class makes volumes',
    storageclasses,
    { provisioner: 'p.test' },
    { reclaimPolicy: 'Retain' },
    'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.',
  ],
  [
    'when a class binds them',
    storageclasses,
    { provisioner: 'p.test' },
    { volumeBindingMode: 'WaitForFirstConsumer' },
    'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
  ],
  [
    'the driver of a class',
    volumeattributesclasses,
    { driverName: 'p.test', parameters: { a: 'b' } },
    { driverName: 'q.test' },
    'driverName: Forbidden: updates to driverName are forbidden.',
  ],
  [
    'whether a driver attaches',
    csidrivers,
    { spec: {} },
    { spec: { attachRequired: false } },
    'spec.attachedRequired: Invalid value: false: field is immutable',
  ],
  [
    'a driver on its node',
    csinodes,
    { spec: { drivers: [{ name: 'p.test', nodeID: 'n' }] } },
    { spec: { drivers: [{ name: 'p.test', nodeID: 'm' }] } },
    'CSINodeDriver: Invalid value: {"name":"p.test","nodeID":"m"}: field is immutable',
  ],
  [
    'an attachment',
    volumeattachments,
    { spec: { attacher: 'p.test', nodeName: 'n', source: { persistentVolumeName: 'v' } } },
    { spec: { nodeName: 'm' } },
    'spec: Invalid value',
  ],
];

describe('nobody changes', () => {
  it.each(CHANGES)('%s', async (_, resource, body, patch, message) => {
    const bench = await serverForTests();
    await create(bench, resource, body);
    const at = { name: 'x', ...(resource.namespaced ? IN : {}) };
    const changed = bench.client.patch(resource, at as never, patch as never);
    expect(await refusal(changed)).toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('a claim', () => {
  it('names what it starts with in both fields, if it is a claim or a snapshot', async () => {
    const make = async (spec: object) =>
      (await create(await serverForTests(), persistentvolumeclaims, { spec: { ...wish, ...spec } }))
        .spec;
    const both = { dataSource: snapshot, dataSourceRef: snapshot };
    expect(await make({ dataSource: snapshot })).toMatchObject(both);
    expect(await make({ dataSourceRef: snapshot })).toMatchObject(both);
    const odd = await make({ dataSource: { apiGroup: 'a.test', kind: 'B', name: 'c' } });
    expect(Object.keys(odd ?? {})).not.toContain('dataSource');
  });

  it('is given a volume and a class once', async () => {
    const bench = await serverForTests();
    await create(bench, persistentvolumeclaims, { spec: wish });
    const bind = (spec: object) =>
      bench.client.patch(persistentvolumeclaims, { name: 'x', ...IN }, { spec } as never);
    const bound = await bind({ volumeName: 'v', storageClassName: 'gold' });
    expect(bound.spec).toMatchObject({ volumeName: 'v', storageClassName: 'gold' });
    expect(await refusal(bind({ volumeName: 'w' }))).toMatchObject({ fields: ['spec'] });
    expect(await refusal(bind({ storageClassName: 'iron' }))).toMatchObject({ fields: ['spec'] });
  });
});

describe('a volume', () => {
  it('begins pending and knows when its phase last changed', async () => {
    const bench = await serverForTests();
    const made = await create(bench, persistentvolumes, { spec: { ...sized, hostPath } });
    const start = made.status?.lastPhaseTransitionTime;
    expect([made.status?.phase, typeof start]).toEqual(['Pending', 'string']);
    bench.clock.moveTo(bench.clock.now() + 60_000);
    const said = { ...made, status: { ...made.status, message: 'a' } } as PersistentVolume;
    const same = await bench.client.updateStatus(persistentvolumes, said as never);
    expect(same.status?.lastPhaseTransitionTime).toBe(start);
    const status = { phase: 'Available' };
    const free = await bench.client.updateStatus(persistentvolumes, { ...same, status } as never);
    expect(free.status?.lastPhaseTransitionTime).not.toBe(start);
  });

  it('may be given the secret by which it grows', async () => {
    const bench = await serverForTests();
    const csi = { driver: 'p.test', volumeHandle: 'v' };
    await create(bench, persistentvolumes, { spec: { ...sized, csi } });
    const controllerExpandSecretRef = { name: 'a', namespace: 'b' };
    const patch = { spec: { csi: { controllerExpandSecretRef } } };
    const grown = await bench.client.patch(persistentvolumes, { name: 'x' }, patch as never);
    expect(grown.spec?.csi?.controllerExpandSecretRef).toEqual(controllerExpandSecretRef);
  });
});
