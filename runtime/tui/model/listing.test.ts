import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeWorld } from '../fakes.ts';
import { node, object, pending, running, shop, workload } from '../fakes-shop.ts';
import { UNICODE_GLYPHS } from '../theme.ts';
import { sparkline } from './convergence.ts';
import { intents } from './intents.ts';
import { sortedByCell } from './listing.ts';
import { cursorRow, listingFor, windowStart } from './lists.ts';
import { elapsed } from './text-time.ts';
import { HOME } from './view.ts';

const sorted = (...cells: string[]): readonly string[] =>
  sortedByCell(cells, (cell) => cell, { column: 'X', descending: false });

describe('sorting', () => {
  it('is by size for numbers, fractions and ages', () => {
    expect(sorted('10', '9', '2')).toEqual(['2', '9', '10']);
    expect(sorted('2/3', '10/10', '0/1')).toEqual(['0/1', '2/3', '10/10']);
    expect(sorted('2h', '3m12s', '41s', '1d')).toEqual(['41s', '3m12s', '2h', '1d']);
    expect(sorted('12 (3s ago)', '2', '0')).toEqual(['0', '2', '12 (3s ago)']);
    expect(sorted('web', 'db', 'app')).toEqual(['app', 'db', 'web']);
  });

  it('is the same the other way round', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat().map(String), fc.string())), (cells) => {
        const up = sorted(...cells);
        const down = sortedByCell(up, (cell) => cell, { column: 'X', descending: true });
        expect([...down].sort()).toEqual([...up].sort());
      }),
    );
  });
});

describe('the window of a list', () => {
  it('always has the cursor in it and no empty rows at the end', () => {
    const position = fc.record({
      count: fc.nat(500),
      visible: fc.integer({ min: 1, max: 60 }),
      offset: fc.nat(600),
      at: fc.nat(600),
    });
    fc.assert(
      fc.property(position, ({ count, visible, offset, at }) => {
        const row = Math.min(at, count - 1);
        const start = windowStart({ at, offset }, row, count, visible);
        expect(start).toBeGreaterThanOrEqual(0);
        if (count === 0) return;
        expect(row).toBeGreaterThanOrEqual(start);
        expect(row).toBeLessThan(start + visible);
        if (count >= visible) expect(start + visible).toBeLessThanOrEqual(count);
      }),
    );
  });
});

describe('the home screen', () => {
  const rows = (world: FakeWorld): string[][] => {
    const listing = listingFor(HOME, world.now(), UNICODE_GLYPHS);
    return Array.from({ length: listing.count }, (_, at) => [...listing.row(at).cells]);
  };

  it('counts nothing as missing where a budget has more than it needs', () => {
    const status = {
      currentHealthy: 4,
      desiredHealthy: 3,
      expectedPods: 4,
      disruptionsAllowed: 1,
    };
    const budget = object(
      'policy/v1',
      'PodDisruptionBudget',
      { name: 'web', namespace: 'shop' },
      { spec: { minAvailable: 3 }, status },
    );
    const [row] = rows(new FakeWorld([budget]));
    expect(row?.slice(0, 6)).toEqual(['✓', 'pdb/web', 'shop', '3', '4', '0']);
  });

  it('lists what is wanted, what is behind first, with what it waits for', () => {
    expect(
      rows(shop()).map(([glyph, name, , want, have, distance]) =>
        [glyph, name, want, have, distance].join(' '),
      ),
    ).toEqual([
      '✗ deploy/web 6 4 2',
      '✗ deploy/worker 2 0 2',
      '! pdb/db   ',
      '✓ deploy/db 3 3 0',
      '✓ namespaces 2 2 0',
      '✓ nodes 3 3 0',
    ]);
  });

  it('names the pod in which it is stuck, and the broken one first', () => {
    const found = intents(shop().now());
    expect(found.map(({ root, culprit }) => `${root.name}: ${culprit?.name}`).slice(0, 2)).toEqual([
      'web: web-7f-4',
      'worker: worker-7f-0',
    ]);
  });

  it('is not done while something is still going away', () => {
    const world = new FakeWorld([...workload('web', 1, 1), running('web', 0, 'n1')]);
    const leaving = running('web', 1, 'n1');
    const metadata = { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:03:00Z' };
    world.put({ ...leaving, metadata } as typeof leaving);
    expect(rows(world)[0]?.slice(0, 2)).toEqual(['◐', 'deploy/web']);
    expect(rows(world)[0]?.[8]).toBe('deletion of po/web-7f-1');
  });

  it('names nodes that are not ready one by one, and counts the others', () => {
    const world = new FakeWorld([node('n1'), node('n2'), node('n3', false)]);
    expect(
      rows(world).map(([glyph, name, , want, have]) => [glyph, name, want, have].join(' ')),
    ).toEqual(['✗ no/n3 1 0', '✓ nodes 2 2']);
  });

  it('stands a pod without an owner on its own', () => {
    const lone = pending('web', 0);
    const { ownerReferences: _, ...metadata } = lone.metadata;
    expect(rows(new FakeWorld([{ ...lone, metadata } as typeof lone]))[0]?.[1]).toBe('po/web-7f-0');
  });
});

describe('small things', () => {
  it('draws distances as bars', () => {
    expect(sparkline([6, 5, 4, 3, 2, 0], '▁▂▃▄▅▆▇█')).toBe('█▇▆▅▃▁');
    expect(sparkline([], '▁▂▃▄▅▆▇█')).toBe('▁▁▁▁▁▁');
    expect(sparkline([1000, 1], '▁▂▃▄▅▆▇█')).toBe('▁▁▁▁█▂');
  });

  it('counts time since the start', () => {
    expect(elapsed(192_400)).toBe('00:03:12.4');
    expect(elapsed(90_061_000)).toBe('1d 01:01:01.0');
    expect(elapsed(-5)).toBe('00:00:00.0');
  });

  it('finds the cursor by its object, else by its place', () => {
    const listing = listingFor({ ...HOME, filter: 'deploy' }, shop().now(), UNICODE_GLYPHS);
    expect(cursorRow({ key: 'deployments.apps shop/db', at: 0, offset: 0 }, listing)).toBe(2);
    expect(cursorRow({ key: 'gone', at: 1, offset: 0 }, listing)).toBe(1);
    expect(cursorRow({ key: 'gone', at: 9, offset: 0 }, listing)).toBe(2);
  });
});
