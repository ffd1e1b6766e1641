import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fnv32, podTemplateHash } from './hash.ts';

describe('hashes', () => {
  it('do not depend on the order of keys, nor on fields that are undefined', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(object));
        expect(canonicalJson({ ...object, absent: undefined })).toBe(canonicalJson(object));
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  it('are FNV-1a', () => {
    expect([fnv32(''), fnv32('a'), fnv32('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it('of a template change with it and with the collision count, and are safe in names', () => {
    const template = { spec: { containers: [{ name: 'a' }] } };
    expect(podTemplateHash(template)).toBe(podTemplateHash(structuredClone(template)));
    expect(podTemplateHash(template)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
    expect(podTemplateHash(template, 1)).not.toBe(podTemplateHash(template));
    expect(podTemplateHash({ spec: {} })).not.toBe(podTemplateHash(template));
  });
});
