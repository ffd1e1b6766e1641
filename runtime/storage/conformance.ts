import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactedError, FutureRevisionError, type Store, type StoreEvent } from './store.ts';

const ALL = { start: '', end: '\uffff' };

async function put(store: Store<string>, key: string, value: string): Promise<number> {
  return (await store.txn([], [{ put: key, value }])).revision;
}

function drain(watch: { next(): StoreEvent<string> | undefined }): string[] {
  const seen: string[] = [];
  for (let event = watch.next(); event; event = watch.next())
    seen.push(
      `${event.revision} ${event.key}=${event.entry?.value ?? '-'} was ${event.previous?.value ?? '-'}`,
    );
  return seen;
}

/** What every backend must do, whatever it is made of. `open` gives a new, empty store. */
export function storeConformance(name: string, open: () => Promise<Store<string>>): void {
  describe(`${name} keeps the storage contract`, () => {
    it('gives every key its revisions and version', async () => {
      const store = await open();
      await put(store, 'a', '1');
      await put(store, 'b', '1');
      await put(store, 'a', '2');
      expect(await store.get('a')).toMatchObject({
        key: 'a',
        value: '2',
        createRevision: 1,
        modRevision: 3,
        version: 2,
      });
      expect(await store.get('c')).toBeUndefined();
      expect(store.revision).toBe(3);
    });

    it('does all operations of a transaction at one revision, or none', async () => {
      const store = await open();
      await put(store, 'a', '1');
      const both = await store.txn(
        [
          { key: 'a', modRevision: 1 },
          { key: 'b', modRevision: 0 },
        ],
        [{ put: 'b', value: 'x' }, { delete: 'a' }],
      );
      expect(both).toMatchObject({ succeeded: true, revision: 2 });
      const none = await store.txn([{ key: 'b', modRevision: 1 }], [{ delete: 'b' }]);
      expect(none).toMatchObject({ succeeded: false, revision: 2 });
      expect(none.current.map(({ key, value }) => [key, value])).toEqual([['b', 'x']]);
      expect((await store.range(ALL)).entries.map(({ key }) => key)).toEqual(['b']);
    });

    it('does not raise the revision when nothing was written', async () => {
      const store = await open();
      expect(await store.txn([], [{ delete: 'nothing' }])).toMatchObject({
        succeeded: true,
        revision: 0,
      });
    });

    it('lists a range in order, counts beyond the limit, and excludes its end', async () => {
      const store = await open();
      for (const key of ['c', 'a', 'b', 'd']) await put(store, key, key);
      const page = await store.range({ start: 'a', end: 'd', limit: 2 });
      expect(page.entries.map(({ key }) => key)).toEqual(['a', 'b']);
      expect([page.count, page.more, page.revision]).toEqual([3, true, 4]);
    });

    it('reads the past, until it is compacted, and not the future', async () => {
      const store = await open();
      await put(store, 'a', '1');
      await put(store, 'a', '2');
      await store.txn([], [{ delete: 'a' }]);
      expect((await store.get('a', 1))?.value).toBe('1');
      expect(
        (await store.range({ ...ALL, revision: 2 })).entries.map(({ value }) => value),
      ).toEqual(['2']);
      await store.compact(2);
      await expect((async () => store.get('a', 1))()).rejects.toThrow(CompactedError);
      expect((await store.get('a', 2))?.value).toBe('2');
      await expect((async () => store.get('a', 9))()).rejects.toThrow(FutureRevisionError);
    });

    it('watches a range from a revision on, past and future, with what was before', async () => {
      const store = await open();
      await put(store, 'a', '1');
      await put(store, 'z', '1');
      let notified = 0;
      const watch = store.watch({ start: 'a', end: 'c', fromRevision: 1 }, () => notified++);
      expect(drain(watch)).toEqual(['1 a=1 was -']);
      await put(store, 'b', '1');
      await put(store, 'a', '2');
      await store.txn([], [{ delete: 'a' }]);
      expect(notified).toBeGreaterThan(0);
      expect(drain(watch)).toEqual(['3 b=1 was -', '4 a=2 was 1', '5 a=- was 2']);
      watch.close();
    });

    it('tells a watch that begins before the compaction, once', async () => {
      const store = await open();
      for (const value of ['1', '2', '3']) await put(store, 'a', value);
      await store.compact(2);
      const watch = store.watch({ ...ALL, fromRevision: 1 }, () => {});
      expect(() => watch.next()).toThrow(CompactedError);
      expect(watch.next()).toBeUndefined();
    });

    it('agrees with a plain map after any writes, at every revision', async () => {
      const write = fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        value: fc.option(fc.string({ maxLength: 2 })),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(write, { maxLength: 20 }), async (writes) => {
          const store = await open();
          const model = new Map<string, string>();
          const past: [string, string][][] = [[]];
          for (const { key, value } of writes) {
            const before = store.revision;
            await store.txn([], [value === null ? { delete: key } : { put: key, value }]);
            value === null ? model.delete(key) : model.set(key, value);
            if (store.revision > before) past.push([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
          }
          for (let revision = 1; revision < past.length; revision++) {
            const { entries } = await store.range({ ...ALL, revision });
            expect(entries.map(({ key, value }) => [key, value])).toEqual(past[revision]);
          }
        }),
      );
    });
  });
}
