import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { converge, podOf, serviceOf } from './endpoints.fakes.ts';

const service = serviceOf();
const some = (from: number, count: number): Pod[] =>
  Array.from({ length: count }, (_, at) => {
    const n = from + at;
    return podOf(`p${n}`, { ip: `10.244.${Math.floor(n / 250)}.${n % 250}` });
  });
const sizes = (slices: readonly EndpointSlice[]): number[] =>
  slices.map(({ endpoints = [] }) => endpoints.length);

describe('packing', () => {
  it('fills slices of a hundred', () => {
    expect(sizes(converge(service, some(0, 250)).slices)).toEqual([100, 100, 50]);
  });

  it('puts new endpoints into the slice that they fill best', () => {
    const full = converge(service, some(0, 130)).slices;
    const [first] = full;
    const holed = [first!, { ...full[1]!, endpoints: full[1]!.endpoints!.slice(0, 20) }];
    const { changes } = converge(service, [...some(0, 120), ...some(500, 5)], holed);
    expect(changes.write.map(({ live, endpoints }) => [live, endpoints.length])).toEqual([
      [holed[1], 25],
    ]);
  });

  it('makes a new slice rather than spread what no slice has room for', () => {
    const before = converge(service, some(0, 160)).slices;
    const { slices, changes } = converge(service, [...some(0, 160), ...some(500, 50)], before);
    expect(changes.write).toHaveLength(1);
    expect(sizes(slices)).toEqual([100, 60, 50]);
  });

  it('fills a slice that has to be written anyway first', () => {
    const before = converge(service, some(0, 160)).slices;
    const pods = [...some(1, 159), ...some(500, 1)];
    const { slices, changes } = converge(service, pods, before);
    expect(changes.write.map(({ live }) => live)).toEqual([before[0]]);
    expect(sizes(slices).sort()).toEqual([100, 60]);
  });

  it('drops a slice that has become empty', () => {
    const before = converge(service, some(0, 150)).slices;
    const { changes } = converge(service, some(0, 100), before);
    expect(changes).toMatchObject({ write: [], remove: [before[1]] });
  });

  it('always says what the pods are, in slices within the limit, and is then at rest', () => {
    const change = fc.record({ from: fc.nat(300), count: fc.nat(260) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        let slices: readonly EndpointSlice[] = [];
        for (const { from, count } of changes) {
          const pods = some(from, count);
          slices = converge(service, pods, slices).slices;
          const names = slices.flatMap(({ endpoints = [] }) =>
            endpoints.map(({ targetRef }) => targetRef?.name),
          );
          expect(names.sort()).toEqual(pods.map(({ metadata }) => metadata.name).sort());
          expect(Math.max(...sizes(slices))).toBeLessThanOrEqual(100);
          expect(converge(service, pods, slices).changes).toMatchObject({ write: [], remove: [] });
        }
      }),
      { numRuns: 40 },
    );
  });
});
