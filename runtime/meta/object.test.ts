import { describe, expect, it } from 'vitest';
import {
  controllerOf,
  deepFreeze,
  keyOf,
  ownerReference,
  splitApiVersion,
  splitKey,
  valueAt,
} from './object.ts';

describe('objects', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'rs', uid: 'u' } };

  it('have keys', () => {
    expect(keyOf({ metadata: { name: 'a', namespace: 'ns' } })).toBe('ns/a');
    expect(keyOf({ metadata: { name: 'a' } })).toBe('a');
    expect([splitKey('ns/a'), splitKey('a')]).toEqual([
      { namespace: 'ns', name: 'a' },
      { name: 'a' },
    ]);
    expect([splitApiVersion('apps/v1'), splitApiVersion('v1')]).toEqual([
      { group: 'apps', version: 'v1' },
      { group: '', version: 'v1' },
    ]);
  });

  it('have one controller among their owners', () => {
    const reference = ownerReference(owner);
    const others = [{ ...reference, uid: 'other', controller: false }, reference];
    expect(controllerOf({ metadata: { ownerReferences: others } })).toBe(reference);
    expect(controllerOf({ metadata: {} })).toBeUndefined();
  });

  it('are read along paths', () => {
    expect(valueAt(owner, '.metadata.name')).toBe('rs');
    expect(valueAt(owner, 'metadata.name.length.x')).toBeUndefined();
    expect(valueAt(undefined, 'a')).toBeUndefined();
  });

  it('are frozen through and through', () => {
    const frozen = deepFreeze({ a: [{ b: 1 }] });
    expect(() => {
      frozen.a[0]!.b = 2;
    }).toThrow(TypeError);
  });
});
