import { describe, expect, it } from 'vitest';
import type { KindDescriptor, SchemaSet } from './schema.ts';
import { servedAt } from './served.ts';

const kind = (name: string, served: Partial<KindDescriptor> = {}): KindDescriptor =>
  ({ group: 'shop', version: 'v1', kind: name, ...served }) as KindDescriptor;

const set: SchemaSet = {
  definitions: {},
  kinds: [
    kind('Always'),
    kind('Newest', { servedFrom: '1.33' }),
    kind('Gone', { servedUntil: '1.25' }),
    kind('Between', { servedFrom: '1.22', servedUntil: '1.28' }),
  ],
};

const names = (version: '1.36' | '1.28' | '1.21'): string[] =>
  servedAt(set, version).kinds.map((each) => each.kind);

describe('servedAt', () => {
  it('keeps the kinds that a version serves', () => {
    expect(names('1.36')).toEqual(['Always', 'Newest']);
    expect(names('1.28')).toEqual(['Always']);
    expect(names('1.21')).toEqual(['Always', 'Gone']);
  });

  it('keeps apart what is not served, but what objects of an older version are stored as', () => {
    const kinds = [
      kind('Shop', { storageVersion: 'shop/v2' }),
      kind('Shop', { version: 'v2', servedFrom: '1.23' }),
      kind('Other', { version: 'v2', servedFrom: '1.23' }),
    ];
    const at = (version: '1.28' | '1.21') => servedAt({ definitions: {}, kinds }, version);
    expect([at('1.21').kinds, at('1.21').stored]).toEqual([[kinds[0]], [kinds[1]]]);
    expect([at('1.28').kinds, at('1.28').stored]).toEqual([kinds, undefined]);
  });

  it('asks of names what the version asked', () => {
    const before = { version: '1.36', format: 'dns-1035-label' } as const;
    const kinds = [kind('Shop', { nameFormat: 'dns-label', nameFormatBefore: before })];
    const at = (version: '1.36' | '1.28') =>
      servedAt({ definitions: {}, kinds }, version).kinds[0]?.nameFormat;
    expect([at('1.36'), at('1.28')]).toEqual(['dns-label', 'dns-1035-label']);
  });

  it('gives the same set again, and the set itself where nothing goes', () => {
    expect(servedAt(set, '1.36')).toBe(servedAt(set, '1.36'));
    const whole = servedAt(set, '1.28');
    expect(servedAt(whole, '1.28')).toBe(whole);
  });
});
