import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../../generator/model/index.ts';
import type { ApiError } from '../../../meta/index.ts';
import { protobuf } from './index.ts';
import { Protobuf } from './protobuf.ts';
import { RECORDED } from './recorded.fakes.ts';
import { anyObject } from './samples.fakes.ts';

const POD = { apiVersion: 'v1', kind: 'Pod' };
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

/** Bytes from hex digits in groups. */
const bytesOf = (...groups: string[]): Buffer =>
  Buffer.from(groups.join('').replaceAll(' ', ''), 'hex');

/** A field behind its length, as hex digits. */
function field(tag: string, ...content: string[]): string {
  const hex = content.join('').replaceAll(' ', '');
  const length = hex.length / 2;
  const low = (length & 0x7f) | (length > 0x7f ? 0x80 : 0);
  const digits = length > 0x7f ? [low, length >> 7] : [low];
  return tag + Buffer.from(digits).toString('hex') + hex;
}
const hexOf = (text: string): string => Buffer.from(text).toString('hex');

/** A body of an object whose message is given as hex digits. */
const bodyOf = (apiVersion: string, kind: string, ...message: string[]): Buffer =>
  bytesOf(
    '6b387300',
    field('0a', field('0a', hexOf(apiVersion)), field('12', hexOf(kind))),
    field('12', ...message),
    '1a00 2200',
  );

const decode = (body: Buffer): unknown => protobuf().decode(body, POD);

describe('a body', () => {
  it('of a ConfigMap, byte by byte', () => {
    const bytes = bytesOf(
      '6b387300', // k8s\0
      '0a0f 0a027631 1209436f6e6669674d6170', // typeMeta: v1, ConfigMap
      '1215', // raw, 21 bytes
      '0a03 0a0161', // metadata.name: a
      '1206 0a016b 120176', // data: k, v
      '1a06 0a0162 1201ff', // binaryData: b, one byte
      '1a00 2200', // contentEncoding, contentType
    );
    const object = {
      ...CONFIG_MAP,
      metadata: { name: 'a' },
      data: { k: 'v' },
      binaryData: { b: '/w==' },
    };
    expect(protobuf().encode(object).toString('hex')).toBe(bytes.toString('hex'));
    expect(decode(bytes)).toEqual(object);
  });

  const SPOKEN: readonly (readonly [string, object, string])[] = [
    [
      'fields of a message inside',
      { volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }] },
      field('0a', '0a0176', field('12', field('12', field('12', '0a03 314769')))),
    ],
    [
      'a number below zero, and zero where it says something',
      { terminationGracePeriodSeconds: -1, activeDeadlineSeconds: 0 },
      '20ffffffffffffffffff01 2800',
    ],
    [
      'a port by number and one by name',
      {
        containers: [
          { livenessProbe: { tcpSocket: { port: 80 } }, name: 'c' },
          { readinessProbe: { tcpSocket: { port: 'web' } }, name: 'd' },
        ],
      },
      `${field('12', '0a0163', field('52', field('0a', field('1a', field('0a', '0800 1050 1a00')))))}
       ${field('12', '0a0164', field('5a', field('0a', field('1a', field('0a', '0801 1000 1a03 776562')))))}`,
    ],
    ['true and false', { hostNetwork: true, shareProcessNamespace: false }, '5801 d80100'],
    [
      'numbers one by one',
      { securityContext: { supplementalGroups: [1, 300] } },
      field('72', '2001 20ac02'),
    ],
  ];
  it.each(SPOKEN)('has %s', (_, spec, hex) => {
    const body = bodyOf('v1', 'Pod', field('12', hex.replaceAll('\n', '')));
    expect(
      protobuf()
        .encode({ ...POD, spec })
        .toString('hex'),
    ).toBe(body.toString('hex'));
    expect(decode(body)).toEqual({ ...POD, spec });
  });

  it('has times as seconds, and micro times with what is below', () => {
    const body = bodyOf(
      'coordination.k8s.io/v1',
      'Lease',
      field('0a', field('42', '0880c2aff005 1000')),
      field('12', field('1a', '0880c2aff005 10c8dbf0ba01')),
    );
    const object = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { creationTimestamp: '2020-01-01T00:00:00Z' },
      spec: { acquireTime: '2020-01-01T00:00:00.391917Z' },
    };
    expect(decode(body)).toEqual(object);
    expect(protobuf().encode(object).toString('hex')).toBe(body.toString('hex'));
  });

  it('has lists as maps of messages, and whatever is JSON as JSON', () => {
    const extra = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' };
    const review = { ...extra, spec: { extra: { k: ['a', 'b'], none: [] } } };
    const body = bodyOf(
      'authorization.k8s.io/v1',
      'SubjectAccessReview',
      field(
        '12',
        field('2a', field('0a', hexOf('k')), field('12', '0a0161 0a0162')),
        '2a08 0a046e6f6e65 1200',
      ),
    );
    expect(protobuf().encode(review).toString('hex')).toBe(body.toString('hex'));
    expect(decode(body)).toEqual(review);

    const revision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      data: { a: [1, null] },
      revision: 1,
    };
    const json = bodyOf(
      'apps/v1',
      'ControllerRevision',
      field('12', field('0a', hexOf('{"a":[1,null]}'))),
      '1801',
    );
    expect(protobuf().encode(revision).toString('hex')).toBe(json.toString('hex'));
    expect(decode(json)).toEqual(revision);
  });

  it.each(RECORDED)('of kubectl $command', ({ sent, json }) => {
    const object = decode(Buffer.from(sent, 'base64'));
    expect(object).toEqual(json);
    expect(decode(protobuf().encode(object as object))).toEqual(json);
  });

  it('comes back from any object', () => {
    fc.assert(
      fc.property(anyObject, (object) => {
        expect(decode(protobuf().encode(object))).toEqual(object);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is read', () => {
  it('has nothing of fields that are not set, which Go writes as empty', () => {
    const ports = field('0a', '0a00 1200 1800', field('22', '0800 1000 1a00'), '2800');
    const service = decode(bodyOf('v1', 'Service', field('12', ports, '1a00 2200 3a00 6000')));
    expect(service).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      spec: { ports: [{ port: 0, targetPort: 0 }] },
    });
  });

  it('takes the last of two values, both parts of a message, and numbers in a row', () => {
    const groups = field('72', field('22', '01 ac02'), '2005');
    const spec = field('12', groups, '2001 2002', field('72', '1001'));
    expect(decode(bodyOf('v1', 'Pod', spec))).toMatchObject({
      spec: {
        terminationGracePeriodSeconds: 2,
        securityContext: { runAsUser: 1, supplementalGroups: [1, 300, 5] },
      },
    });
  });

  it('passes over fields that nobody knows', () => {
    const unknown = 'c23e03 616263 c03e01 c13e0102030405060708 c53e01020304 c33e c03e01 c43e';
    expect(decode(bodyOf('v1', 'Pod', unknown, field('12', unknown, '2001')))).toEqual({
      ...POD,
      spec: { terminationGracePeriodSeconds: 1 },
    });
  });

  it('has the empty value of entries that say none, and any key', () => {
    const data = field('12', field('0a', hexOf('__proto__')));
    const map = decode(bodyOf('v1', 'ConfigMap', data, '1200', '1a020a00')) as { data: object };
    expect(JSON.stringify(map.data)).toBe('{"__proto__":"","":""}');
    expect(map).toMatchObject({ binaryData: { '': '' } });
  });

  it('is of the type that the request is for, where it says none', () => {
    const bare = bytesOf('6b387300', field('12', field('0a', '0a0161')));
    expect(decode(bare)).toEqual({ ...POD, metadata: { name: 'a' } });
  });

  it('are the options of a deletion in any version', () => {
    const body = bodyOf('apps/v1', 'DeleteOptions', '0800 1800', field('22', hexOf('Orphan')));
    const expected = { apiVersion: 'v1', kind: 'DeleteOptions' };
    expect(protobuf().decode(body, expected)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      orphanDependents: false,
      propagationPolicy: 'Orphan',
    });
  });
});

describe('what is written', () => {
  it('are lists, whose items are not typed', () => {
    const items = [{ ...CONFIG_MAP, metadata: { name: 'a' } }, { metadata: { name: 'b' } }];
    const list = {
      apiVersion: 'v1',
      kind: 'ConfigMapList',
      metadata: { resourceVersion: '7' },
      items,
    };
    const body = bodyOf(
      'v1',
      'ConfigMapList',
      field('0a', '120137'),
      field('12', field('0a', '0a0161')),
      field('12', field('0a', '0a0162')),
    );
    expect(protobuf().encode(list).toString('hex')).toBe(body.toString('hex'));
  });

  it('is metadata of everything', () => {
    const type = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' };
    const body = bodyOf('meta.k8s.io/v1', 'PartialObjectMetadata', field('0a', '0a0161'));
    const partial = { ...type, metadata: { name: 'a' } };
    expect(protobuf().encode(partial).toString('hex')).toBe(body.toString('hex'));
    const list = {
      apiVersion: 'meta.k8s.io/v1',
      kind: 'PartialObjectMetadataList',
      metadata: {},
      items: [partial],
    };
    expect(protobuf().encode(list).toString('hex')).toBe(
      bodyOf(
        'meta.k8s.io/v1',
        'PartialObjectMetadataList',
        '0a00',
        field('12', field('0a', '0a0161')),
      ).toString('hex'),
    );
  });

  it('are events of watches, each behind its length', () => {
    const object = { ...CONFIG_MAP, metadata: { name: 'a' } };
    const event = bytesOf(
      field('0a', hexOf('ADDED')),
      field('12', field('0a', protobuf().encode(object).toString('hex'))),
    );
    const frame = protobuf().event('ADDED', object);
    expect(frame.readUInt32BE()).toBe(event.length);
    expect(frame.subarray(4).toString('hex')).toBe(event.toString('hex'));
  });
});

describe('what is no object', () => {
  const messageOf = (body: Buffer): string => {
    try {
      return JSON.stringify(decode(body));
    } catch (error) {
      expect((error as ApiError).code).toBe(400);
      return (error as ApiError).message;
    }
  };
  const pod = (...message: string[]): Buffer => bodyOf('v1', 'Pod', ...message);
  const CANNOT = 'Pod in version "v1" cannot be handled as a Pod: ';

  it.each([
    [
      'nothing',
      bytesOf(''),
      'the object provided is unrecognized (must be of type Pod): empty data (<empty>)',
    ],
    [
      'JSON',
      Buffer.from('{"a":1}'),
      'the object provided is unrecognized (must be of type Pod): provided data does not appear to be a protobuf message, ' +
        'expected prefix [107 56 115 0] (7b2261223a317d)',
    ],
    [
      'nothing behind the prefix',
      bytesOf('6b387300'),
      'the object provided is unrecognized (must be of type Pod): empty body (6b387300)',
    ],
    [
      'cut off',
      pod('0a0161').subarray(0, 19),
      `the object provided is unrecognized (must be of type Pod): unexpected EOF (6b3873000a090a0276311203506f6412030a01)`,
    ],
    ['a length beyond the end', pod('0aff'), `${CANNOT}unexpected EOF`],
    ['a huge length', pod('0affffffff0f'), `${CANNOT}unexpected EOF`],
    [
      'text where a message is',
      pod('0a0161'),
      `${CANNOT}proto: wrong wireType = 1 for field Annotations`,
    ],
    [
      'a number where a message is',
      pod('0801'),
      `${CANNOT}proto: wrong wireType = 0 for field Metadata`,
    ],
    [
      'a message where a number is',
      pod(field('12', '2200')),
      `${CANNOT}proto: wrong wireType = 2 for field TerminationGracePeriodSeconds`,
    ],
    [
      'a number where a list of texts is',
      pod(field('0a', '7001')),
      `${CANNOT}proto: wrong wireType = 0 for field Finalizers`,
    ],
    [
      'a number where a map is',
      pod(field('0a', '5801')),
      `${CANNOT}proto: wrong wireType = 0 for field Labels`,
    ],
    [
      'a moment that no clock shows',
      pod(field('0a', field('42', '08ffffffffffffff0f'))),
      expect.stringContaining('are no time'),
    ],
    ['a group', pod('0c'), `${CANNOT}proto: wiretype end group for non-group`],
    ['field zero', pod('0001'), `${CANNOT}proto: illegal tag 0 (wire type 0)`],
    [
      'a type that nobody knows',
      bodyOf('v2', 'Pod', ''),
      'Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered for version "v2" ' +
        'in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      'JSON that is none',
      bodyOf('apps/v1', 'ControllerRevision', field('12', field('0a', hexOf('{')))),
      expect.stringContaining('ControllerRevision in version "v1" cannot be handled as a Pod: '),
    ],
    [
      'JSON without bottom',
      bodyOf('apps/v1', 'ControllerRevision', field('12', field('0a', hexOf('['.repeat(2000))))),
      'json: exceeded max depth',
    ],
  ])('%s', (_, body, message) => {
    expect(messageOf(body)).toEqual(message);
  });

  it('is refused whatever the bytes are', () => {
    const prefix = bytesOf('6b387300');
    const type = pod('').subarray(4, 15);
    const noise = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(noise, noise, (inside, behind) => {
        const message = Buffer.concat([Buffer.from([0x12, inside.length & 0x7f]), inside]);
        messageOf(Buffer.concat([prefix, inside]));
        messageOf(Buffer.concat([prefix, type, message, behind]));
      }),
      { numRuns: 20000 },
    );
    fc.assert(
      fc.property(anyObject, fc.nat(), fc.nat(255), (object, at, byte) => {
        const body = Buffer.from(protobuf().encode(object));
        body[at % body.length] = byte;
        messageOf(body);
        messageOf(body.subarray(0, at % body.length));
      }),
      { numRuns: 200 },
    );
  });
});

describe('schemas of others', () => {
  const size: Schema = { type: 'number', format: 'double' };
  const other = new Protobuf(
    {
      groups: [{ name: 'shop.example.com' }],
      definitions: {
        'shop/v1.Item': { type: 'object', properties: { size, tree: { ref: 'shop/v1.Tree' } } },
        'shop/v1.Tree': { type: 'object', properties: { inner: { ref: 'shop/v1.Tree' } } },
      },
      kinds: [],
    },
    { 'shop/v1.Item': { size: 3, tree: 4 }, 'shop/v1.Tree': { inner: 1 } },
  );
  const ITEM = { apiVersion: 'shop.example.com/v1', kind: 'Item' };

  it('may have fractions and messages in themselves', () => {
    const item = { ...ITEM, size: 0.5, tree: { inner: { inner: {} } } };
    const body = bodyOf('shop.example.com/v1', 'Item', '19 000000000000e03f 2204 0a02 0a00');
    expect(other.encode(item).toString('hex')).toBe(body.toString('hex'));
    expect(other.decode(body, ITEM)).toEqual(item);
  });

  it('may not be without bottom', () => {
    let tree = '';
    for (let depth = 0; depth < 600; depth++) tree = nested(tree);
    const body = bytesOf(
      '6b387300',
      field('0a', field('0a', hexOf(ITEM.apiVersion)), field('12', hexOf('Item'))),
      field('12', nested(tree, '22')),
    );
    expect(() => other.decode(body, ITEM)).toThrow('proto: exceeded max depth');
  });
  const nested = (content: string, tag = '0a'): string => field(tag, content);

  it('say what they lack', () => {
    expect(() =>
      protobuf().decode(bodyOf('cluster.slipway.dev/v1', 'Cluster', ''), {
        apiVersion: 'cluster.slipway.dev/v1',
        kind: 'Cluster',
      }),
    ).toThrow('does not implement the protobuf marshalling interface');
  });
});
