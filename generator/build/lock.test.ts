import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './lock.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'below/lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

it('lets one in at a time, and the next when it is done or has failed', async () => {
  const order: string[] = [];
  const work = (name: string, fails = false) =>
    withLock(path, async () => {
      order.push(`${name} in`);
      await Promise.resolve();
      order.push(`${name} out`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('a', true), work('b'), work('c')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  for (let at = 0; at < order.length; at += 2)
    expect(order[at]!.split(' ')[0]).toBe(order[at + 1]!.split(' ')[0]);
  expect(order).toHaveLength(6);
  expect(existsSync(path)).toBe(false);
});

it('takes over from an owner that has died, and holds its own number meanwhile', async () => {
  await withLock(path, async () => {});
  // Above what any system gives to a process.
  writeFileSync(path, '2147483646');
  const owner = await withLock(path, async () => readFileSync(path, 'utf8'));
  expect(owner).toBe(String(process.pid));
});
