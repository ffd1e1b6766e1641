import { expect, it } from 'vitest';
import { readTokens } from './token-file.ts';

it('reads whose each token is', () => {
  const text = `secret,ada,,"system:masters,dev"
# nobody
other, bob ,7
third,"o""brien","8",ops
`;
  expect(readTokens(text)).toEqual([
    { token: 'secret', user: { name: 'ada', groups: ['system:masters', 'dev'] } },
    { token: 'other', user: { name: 'bob', groups: [], uid: '7' } },
    { token: 'third', user: { name: 'o"brien', groups: ['ops'], uid: '8' } },
  ]);
});

it('says which line says too little', () => {
  expect(() => readTokens('a,b,c\n\nlonely,user')).toThrow('line 3 must have a token');
  expect(() => readTokens(',b,c')).toThrow('line 1');
});
