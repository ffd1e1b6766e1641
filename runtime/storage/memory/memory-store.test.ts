import { describe, expect, it } from 'vitest';
import { storeConformance } from '../conformance.ts';
import { MemoryStore } from './memory-store.ts';

storeConformance('the memory store', async () => new MemoryStore<string>());

describe('MemoryStore', () => {
  it('forks: neither side sees the other afterwards, both keep the past', () => {
    const store = new MemoryStore<string>();
    store.txn([], [{ put: 'a', value: '1' }]);
    const fork = store.fork();
    store.txn([], [{ put: 'a', value: 'original' }]);
    fork.txn([], [{ put: 'a', value: 'fork' }]);
    expect([store.get('a')?.value, fork.get('a')?.value]).toEqual(['original', 'fork']);
    expect([store.get('a', 1)?.value, fork.get('a', 1)?.value]).toEqual(['1', '1']);
  });

  it('looks back without being changed by what comes later', () => {
    const store = new MemoryStore<string>();
    for (const value of ['1', '2', '3']) store.txn([], [{ put: 'a', value }]);
    const past = store.at(2);
    store.txn([], [{ delete: 'a' }]);
    expect([past?.revision, past?.get('a')?.value]).toEqual([2, '2']);
    expect(() => past?.txn([], [{ delete: 'a' }])).toThrow('cannot be written');
    expect(store.at(9)).toBeUndefined();
  });

  it('stamps a value with its revision before anybody sees it', () => {
    const store = new MemoryStore<{ revision?: number }>({
      stamp: (value, revision) => ({ ...value, revision }),
    });
    store.txn([], [{ put: 'a', value: {} }]);
    store.txn([], [{ put: 'a', value: {} }]);
    expect(store.get('a')?.value).toEqual({ revision: 2 });
  });
});
