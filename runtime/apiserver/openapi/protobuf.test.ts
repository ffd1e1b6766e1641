import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../../generated/registry.ts';
import { openApiAnswer } from './index.ts';
import { bool, double, encode, int64, listOf, mapOf, message, oneOf, text } from './protobuf.ts';
import { swaggerProtobuf } from './v2-protobuf.ts';

const hex = (bytes: Buffer): string => bytes.toString('hex');

describe('the wire format', () => {
  it.each([
    ['a text', { name: 'abc' }, '0a03616263'],
    ['a number over many bytes', { count: 300 }, '10ac02'],
    ['a large number', { count: 2 ** 40 }, '10808080808020'],
    ['true', { flag: true }, '1801'],
    ['a double', { share: 0.5 }, '21000000000000e03f'],
    ['fields in the order given', { flag: false, name: 'é' }, '18000a02c3a9'],
    ['a repeated field', { tags: ['a', 'b'] }, '2a01612a0162'],
    ['a message inside', { inner: { name: 'x' } }, '32030a0178'],
    ['a map', { map: { k: 'v' } }, '3a080a060a016b120176'],
    ['a list that is a message', { list: ['a', 'b'] }, '42060a01610a0162'],
    ['one of several', { either: 'x' }, '4a030a0178'],
    ['an empty message', { inner: {} }, '3200'],
  ])('of %s', (_, value, bytes) => {
    expect(hex(encode(everything, value))).toBe(bytes);
  });

  it('grows with what is written', () => {
    const long = 'x'.repeat(200_000);
    const bytes = encode(everything, { tags: [long, long], name: 'end' });
    expect(bytes.length).toBe(2 * (1 + 3 + long.length) + 5);
    expect(bytes.subarray(-3).toString()).toBe('end');
  });

  it('has a field for everything that is to be written', () => {
    expect(() => encode(everything, { other: 1 })).toThrow('the message has no field for other');
  });
});

const everything = message(() => ({
  name: [1, text],
  count: [2, int64],
  flag: [3, bool],
  share: [4, double],
  tags: [5, text, 'repeated'],
  inner: [6, everything],
  map: [7, mapOf(text)],
  list: [8, listOf(text)],
  either: [9, oneOf(() => [1, text])],
}));

/** The fields of a message by number, undecoded. */
function fieldsOf(bytes: Buffer): Map<number, Buffer[]> {
  const fields = new Map<number, Buffer[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    const begin = at;
    let content: Buffer;
    if (wire === 0) {
      varint();
      content = bytes.subarray(begin, at);
    } else {
      const length = wire === 1 ? 8 : varint();
      content = bytes.subarray(at, at + length);
      at += length;
    }
    fields.set(number, [...(fields.get(number) ?? []), content]);
  }
  return fields;
}

/** The bytes at a path of field numbers, always the first of a repeated field. */
function at(bytes: Buffer, ...path: number[]): Buffer {
  return path.reduce((inside, number) => fieldsOf(inside).get(number)![0]!, bytes);
}

/** The value of a pair in a map by its name. */
function pair(bytes: Buffer, field: number, name: string): Buffer {
  const pairs = fieldsOf(bytes).get(field)!;
  return at(pairs.find((each) => at(each, 1).toString() === name)!, 2);
}

describe('the protobuf form of version 2', () => {
  const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
  const answer = openApiAnswer(schemaSet, { path: '/openapi/v2', accept })!;
  const { body } = answer;
  const json = JSON.parse(openApiAnswer(schemaSet, { path: '/openapi/v2' })!.body.toString());

  it('is what kubectl asks for, under its newer name', () => {
    expect(answer.headers['content-type']).toBe(
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
    );
    expect(answer.headers.etag).toBe(
      openApiAnswer(schemaSet, { path: '/openapi/v2' })!.headers.etag,
    );
    expect(at(body, 1).toString()).toBe('2.0');
  });

  it('has every path and every definition', () => {
    const names = (field: number, inside: number): string[] =>
      fieldsOf(at(body, field))
        .get(inside)!
        .map((each) => at(each, 1).toString());
    expect(names(8, 2)).toEqual(Object.keys(json.paths));
    expect(names(9, 1)).toEqual(Object.keys(json.definitions));
    expect(names(10, 1)).toEqual(Object.keys(json.parameters));
  });

  it('says of a field what it is', () => {
    const spec = pair(at(body, 9), 1, 'io.k8s.api.apps.v1.DeploymentSpec');
    const wanted = json.definitions['io.k8s.api.apps.v1.DeploymentSpec'];
    expect(fieldsOf(spec).get(19)!.map(String)).toEqual(wanted.required);
    const replicas = pair(at(spec, 25), 1, 'replicas');
    expect(at(replicas, 22, 1).toString()).toBe('integer');
    expect(at(replicas, 2).toString()).toBe('int32');
    const template = pair(at(spec, 25), 1, 'template');
    expect(at(template, 1).toString()).toBe('#/definitions/io.k8s.api.core.v1.PodTemplateSpec');
    const strategy = pair(at(spec, 25), 1, 'strategy');
    expect(at(strategy, 31, 1).toString()).toBe('x-kubernetes-patch-strategy');
    expect(at(strategy, 31, 2, 2).toString()).toBe('"retainKeys"\n');
  });

  it('says of an operation what it does', () => {
    const path = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}';
    const patch = at(pair(at(body, 8), 2, path), 8);
    expect(at(patch, 5).toString()).toBe('patchAppsV1NamespacedDeployment');
    expect(at(patch, 8, 1, 1, 2).toString()).toBe('body');
    expect(at(patch, 8, 1, 1, 5, 1).toString()).toMatch(/meta\.v1\.Patch$/);
    const references = fieldsOf(patch)
      .get(8)!
      .slice(1)
      .map((each) => at(each, 2, 1).toString());
    expect(references).toContainEqual(expect.stringMatching(/^#\/parameters\/dryRun-/));
    const ok = pair(at(patch, 9), 1, '200');
    expect(at(ok, 1, 2, 1, 1).toString()).toMatch(/apps\.v1\.Deployment$/);
  });

  it('loses nothing on the way', () => {
    expect(() => swaggerProtobuf({ ...json, other: 1 })).toThrow('no field for other');
  });
});
