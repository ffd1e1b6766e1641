import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { yamlDocuments } from './yaml.ts';

const TRICKY = ['y', 'No', 'on', '012', '0o17', '1_000', '1e3', '12:30:00', '~', 'null', '=', '<<'];
const MORE = [
  '2001-01-01',
  '.inf',
  '0x1f',
  '- a',
  'a: b',
  '# c',
  ' d ',
  '',
  'two\nlines\n',
  '\t',
  '%e',
];

describe('yamlDocuments', () => {
  it('separates documents and keeps the order of fields', () => {
    const text = yamlDocuments([
      { kind: 'B', a: ['x'] },
      { kind: 'A', size: 1.5, on: true },
    ]);
    expect(text).toBe('kind: B\na:\n  - x\n---\nkind: A\nsize: 1.5\n"on": true\n');
  });

  it('quotes what a reader of YAML 1.1 or 1.2 would not take for a text', () => {
    const text = yamlDocuments([Object.fromEntries(TRICKY.map((value, at) => [`k${at}`, value]))]);
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^k\d+: ".*"$/);
  });

  it('shares nothing and folds nothing', () => {
    const labels = { app: 'web' };
    const text = yamlDocuments([{ a: labels, b: labels, c: 'word '.repeat(50).trim() }]);
    expect(text).not.toMatch(/[&*]/);
    expect(text.split('\n')).toHaveLength(6);
  });

  it('is read back as what it was, by either version of YAML', () => {
    const text = fc.oneof(
      fc.constantFrom(...TRICKY, ...MORE),
      fc.string(),
      fc.string({ unit: 'binary' }),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(text, tie('any'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).any;
    const object = fc.record({ kind: text, spec: value });
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 3 }), (objects) => {
        const written = yamlDocuments(objects);
        for (const version of ['1.1', '1.2'] as const) {
          const documents = parseAllDocuments(written, { version });
          expect((documents as { toJS(): unknown }[]).map((each) => each.toJS())).toEqual(objects);
        }
      }),
      { numRuns: 30 },
    );
  });
});
