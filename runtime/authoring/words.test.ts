import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absentPart, explainPath, lastName, parentPath, parseFieldPath } from './field-path.ts';
import { editDistance, nearest } from './suggest.ts';

describe('a field path', () => {
  it('is taken apart as the API writes it', () => {
    expect(parseFieldPath('spec.containers[0].image')).toEqual(['spec', 'containers', 0, 'image']);
    expect(parseFieldPath('metadata.labels[app.kubernetes.io/name]')).toEqual([
      'metadata',
      'labels',
      'app.kubernetes.io/name',
    ]);
    expect(parseFieldPath('.spec.ports[name="a.b"].port')).toEqual([
      'spec',
      'ports',
      { key: 'name', value: 'a.b' },
      'port',
    ]);
    expect(parseFieldPath('')).toEqual([]);
  });

  it('has a last name, a parent and a path to explain', () => {
    expect(lastName('metadata.labels[a.b/c]')).toBe('labels[a.b/c]');
    expect(lastName('spec')).toBe('spec');
    expect(parentPath('metadata.labels[a.b/c]')).toBe('metadata.labels');
    expect(parentPath('spec.containers[0].image')).toBe('spec.containers[0]');
    expect(parentPath('spec')).toBe('');
    expect(explainPath('spec.containers[0].env[1].name')).toBe('spec.containers.env.name');
  });

  it('says where it ends in an object', () => {
    const object = { spec: { list: [{ a: 1 }] } };
    expect(absentPart(object, 'spec.list[0].a')).toBeUndefined();
    expect(absentPart(object, 'spec.list[1].a')).toBe('spec.list[1]');
    expect(absentPart(object, 'spec.other.deep')).toBe('spec.other');
  });
});

describe('the nearest word', () => {
  it('is the same but for case, or a few letters away, or none', () => {
    expect(nearest('always', ['Never', 'Always'])).toBe('Always');
    expect(nearest('imagePullPolice', ['image', 'imagePullPolicy'])).toBe('imagePullPolicy');
    expect(nearest('colour', ['name', 'image'])).toBeUndefined();
    expect(nearest('tcp', ['UDP', 'TCP', 'SCTP'])).toBe('TCP');
  });

  it('is measured by a distance: symmetric, zero only for equals', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
