import { describe, expect, it } from 'vitest';
import { configmaps } from '../../generated/core/v1/resources.ts';
import { VOUCHED } from '../client/index.ts';
import { serverForTests } from './server.fakes.ts';

const metadata = { name: 'settings', namespace: 'default' };
const whole = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } } as const;

describe('a body that a component vouches for', () => {
  it('is stored as it is', async () => {
    const { client } = await serverForTests();
    const stored = await client.create(configmaps, whole, VOUCHED);
    expect(stored.data).toBe(whole.data);
  });

  it('is looked at all the same where objects are frozen, and a broken word is a bug', async () => {
    const { client } = await serverForTests();
    const unpruned = { ...whole, nonsense: true };
    await expect(client.create(configmaps, unpruned, VOUCHED)).rejects.toThrow('vouched for');
    const invalid = { ...whole, data: { 'a key': '1' } };
    await expect(client.create(configmaps, invalid, VOUCHED)).rejects.toThrow('vouched for');
  });
});
