import { describe, expect, it } from 'vitest';
import { acceptedOf, parseAccept } from './accept.ts';

describe('Accept', () => {
  it('is read into clauses, best first', () => {
    const header = 'text/plain;q=0.5, application/JSON;as=Table;v="v1", */*;q=0.1, x/y;q=0';
    expect(parseAccept(header)).toEqual([
      { type: 'application/json', parameters: { as: 'Table', v: 'v1' }, quality: 1 },
      { type: 'text/plain', parameters: { q: '0.5' }, quality: 0.5 },
      { type: '*/*', parameters: { q: '0.1' }, quality: 0.1 },
    ]);
  });

  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['application/*', 'application/json'],
    ['application/yaml,application/json', 'application/yaml'],
    ['application/yaml;q=0.1,application/json;q=0.2', 'application/json'],
    ['application/vnd.kubernetes.protobuf,application/json', 'application/json'],
    ['text/html', undefined],
  ])('%s takes %s', (header, type) => {
    expect(acceptedOf(header, ['application/json', 'application/yaml'])).toBe(type);
  });
});
