import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Input, LENGTH, Output, VARINT, WireError } from './index.ts';

const inputOf = (hex: string): Input => new Input(Buffer.from(hex, 'hex'));

function written(write: (output: Output) => void): string {
  const output = new Output();
  write(output);
  return output.finish().toString('hex');
}

describe('numbers', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [2 ** 31, '8080808008'],
    [2 ** 53 - 1, 'ffffffffffffff0f'],
    [-1, 'ffffffffffffffffff01'],
    [-300, 'd4fdffffffffffffff01'],
    [-(2 ** 53), '80808080808080f0ff01'],
  ])('%d', (value, hex) => {
    expect(written((output) => output.int64(value))).toBe(hex);
    expect(inputOf(hex).int64()).toBe(value);
  });

  it('come back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const hex = written((output) => output.int64(value));
        expect(inputOf(hex).int64()).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(inputOf(written((output) => output.int64(value))).int32()).toBe(value);
      }),
    );
  });

  it('of 32 bits lose what is above', () => {
    expect(inputOf('ffffffff1f').int32()).toBe(-1);
  });
});

describe('fields', () => {
  it('stand behind number and wire type, and behind their length', () => {
    const hex = written((output) => {
      output.field(16, LENGTH, () => output.text('né'));
      output.field(1, VARINT, () => output.varint(5));
    });
    expect(hex).toBe('08058201036ec3a9');
    const input = inputOf(hex);
    expect(input.tag()).toEqual({ number: 1, wire: VARINT });
    expect(input.int32()).toBe(5);
    expect(input.tag()).toEqual({ number: 16, wire: LENGTH });
    expect(input.text()).toBe('né');
    expect(input.isAtEnd).toBe(true);
  });

  it.each([
    ['a number', '08ac02'],
    ['eight bytes', '090102030405060708'],
    ['four bytes', '0d01020304'],
    ['text', '0a03616263'],
    ['a group with a group in it', '0b13080114 0c'.replace(' ', '')],
  ])('are passed over: %s', (_, hex) => {
    const input = inputOf(`${hex}1001`);
    input.skip(input.tag().wire);
    expect(input.tag()).toEqual({ number: 2, wire: VARINT });
  });
});

describe('what is no message', () => {
  it.each([
    ['a number without an end', 'ff', 'unexpected EOF', (input: Input) => input.int64()],
    [
      'a number of eleven bytes',
      'ffffffffffffffffffff01',
      'proto: integer overflow',
      (input: Input) => input.int64(),
    ],
    ['less than its length', '0561', 'unexpected EOF', (input: Input) => input.text()],
    [
      'a length beyond all memory',
      'ffffffffffffffff7f',
      'unexpected EOF',
      (input: Input) => input.bytes(),
    ],
    [
      'a length below zero',
      'ffffffffffffffffff01',
      'proto: negative length found during unmarshaling',
      (input: Input) => input.inner(),
    ],
    ['half a double', '01020304', 'unexpected EOF', (input: Input) => input.double()],
    ['field zero', '00', 'proto: illegal tag 0 (wire type 0)', (input: Input) => input.tag()],
    [
      'the end of no group',
      '0c',
      'proto: wiretype end group for non-group',
      (input: Input) => input.tag(),
    ],
    [
      'a wire type that there is not',
      '',
      'proto: illegal wireType 7',
      (input: Input) => input.skip(7),
    ],
    ['a group without an end', '0801', 'unexpected EOF', (input: Input) => input.skip(3)],
  ])('%s', (_, hex, message, read) => {
    expect(() => read(inputOf(hex))).toThrow(new WireError(message));
  });

  it('messages in messages without end', () => {
    let body: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 600; depth++) {
      const output = new Output();
      output.bytes(body);
      output.varint(body.length);
      body = output.finish();
    }
    const descend = (input: Input): void => {
      if (!input.isAtEnd) descend(input.inner());
    };
    expect(() => descend(new Input(body))).toThrow('proto: exceeded max depth');
  });
});
