import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonSyntaxError } from './json-syntax.ts';

describe('jsonSyntaxError', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['[1', 'unexpected end of JSON input'],
    ['{"a"', 'unexpected end of JSON input'],
    ['{"a": "x', 'unexpected end of JSON input'],
    ['-', 'unexpected end of JSON input'],
    ['{"a": x}', "invalid character 'x' looking for beginning of value"],
    ['{"a": }', "invalid character '}' looking for beginning of value"],
    ['[1, ]', "invalid character ']' looking for beginning of value"],
    ['{a: 1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a": 1, }', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a": 1 "b": 2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} {}', "invalid character '{' after top-level value"],
    ['{"a": "x\ny"}', "invalid character '\\n' in string literal"],
    ['{"a": "\\x"}', "invalid character 'x' in string escape code"],
    ['{"a": "\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
    ['{"a": -x}', "invalid character 'x' in numeric literal"],
    ['[01]', "invalid character '1' after array element"],
    ['[1.x]', "invalid character 'x' after decimal point in numeric literal"],
    ['[1e+]', "invalid character ']' in exponent of numeric literal"],
    ['{"a": trye}', "invalid character 'y' in literal true (expecting 'u')"],
    ["{'a': 1}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"a": é}', "invalid character 'Ã' looking for beginning of value"],
    ['\u0001', "invalid character '\\x01' looking for beginning of value"],
  ])('%j: %s', (text, says) => {
    expect(jsonSyntaxError(text)).toBe(says);
  });

  it('finds something wrong with just those texts with which the engine does', () => {
    const shapes = fc.string({
      unit: fc.constantFrom(...'{}[]",:\\-+0.1eE tfalsrunx\n'),
      maxLength: 12,
    });
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]",:\\x1 '))
      .map(([text, at, letter]) => {
        const where = at % (text.length + 1);
        return text.slice(0, where) + letter + text.slice(where + 1);
      });
    fc.assert(
      fc.property(fc.oneof(shapes, broken, fc.json()), (text) => {
        let isRight = true;
        try {
          JSON.parse(text);
        } catch {
          isRight = false;
        }
        expect(jsonSyntaxError(text) === 'not a JSON value').toBe(isRight);
      }),
      { numRuns: 2000 },
    );
  });
});
