import { describe, expect, it } from 'vitest';
import { protobufMessages, schemaSet } from '../../../../generated/registry.ts';
import type { MessageFields, Schema } from '../../../../generator/model/index.ts';
import { protobuf } from './index.ts';

const messages = protobufMessages();
const { definitions, kinds } = schemaSet;

/**
 * Groups of our own, and configuration files: no clients of Kubernetes know them in protobuf. Metrics have durations that are text in
 * JSON and numbers in protobuf, which no schema says; their clients take JSON.
 */
const JSON_ONLY = /^(cluster|kubeproxy|kubescheduler|metrics)\//;
/** Discovery, which is no object, and events of watches, which are put together by hand. */
const NO_OBJECTS =
  /^meta\/v1\.(API\w+|GroupVersionForDiscovery|ServerAddressByClientCIDR|WatchEvent)$/;

/** Every field of the JSON form with its numbers, from the outermost message on. */
function numbersOf(fields: MessageFields): Map<string, readonly number[]> {
  const numbers = new Map<string, readonly number[]>();
  for (const [name, place] of Object.entries(fields)) {
    if (typeof place === 'number') numbers.set(name, [place]);
    else if ('number' in place) numbers.set(name, [place.number]);
    else
      for (const [inner, path] of numbersOf(messages[place[1]]!))
        numbers.set(inner, [place[0], ...path]);
  }
  return numbers;
}

const isRoot = ({ properties }: Schema): boolean => !!properties?.apiVersion && !!properties.kind;
const spoken = Object.keys(definitions).filter(
  (name) => !JSON_ONLY.test(name) && !NO_OBJECTS.test(name),
);

describe('every definition', () => {
  it.each(spoken)('%s has a number for each field', (name) => {
    const schema = definitions[name]!;
    const numbers = numbersOf(messages[name] ?? {});
    const typed = isRoot(schema) && !numbers.has('kind') ? ['apiVersion', 'kind'] : [];
    const missing = Object.keys(schema.properties ?? {}).filter(
      (field) => !numbers.has(field) && !typed.includes(field),
    );
    expect(missing).toEqual([]);
    const paths = [...numbers.values()].map(String);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('is of a kind that is spoken, or of one that is JSON alone', () => {
    const mute = kinds.filter(({ schema }) => JSON_ONLY.test(schema));
    for (const { group, version, kind } of kinds) {
      const apiVersion = group === '' ? version : `${group}/${version}`;
      const isMute = mute.some((each) => each.kind === kind && each.group === group);
      expect([kind, protobuf().speaks({ apiVersion, kind })]).toEqual([kind, !isMute]);
    }
  });
});

describe('types that are no kinds', () => {
  it.each([
    ['autoscaling/v1', 'Scale'],
    ['policy/v1', 'Eviction'],
    ['authentication.k8s.io/v1', 'TokenRequest'],
    ['v1', 'Status'],
    ['meta.k8s.io/v1', 'Status'],
    ['v1', 'DeleteOptions'],
  ])('%s %s', (apiVersion, kind) => {
    expect(protobuf().speaks({ apiVersion, kind })).toBe(true);
  });

  it('are of their groups only', () => {
    expect(protobuf().speaks({ apiVersion: 'storage.example.com/v1', kind: 'StorageClass' })).toBe(
      false,
    );
  });
});
