import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../generated/discovery/v1/types.ts';
import { type HintedSlice, hinted } from './hints.ts';

/** `east west>east !north`: an endpoint in the east, one in the west for the east, one in the north that is not ready. */
const slice = (text: string, isWritten = true): HintedSlice => ({
  isWritten,
  endpoints: text.split(' ').map((word, at): Endpoint => {
    const [zone = '', hint] = word.replace('!', '').split('>');
    return {
      addresses: [`10.0.0.${at}`],
      conditions: { ready: !word.startsWith('!') },
      ...(zone === '?' ? {} : { zone }),
      ...(hint ? { hints: { forZones: [{ name: hint }] } } : {}),
    };
  }),
});
const text = (endpoints: readonly Endpoint[]): string =>
  endpoints
    .map(({ zone = '?', conditions, hints }) => {
      const hint = hints?.forZones?.map(({ name }) => name).join();
      return `${conditions?.ready ? '' : '!'}${zone}${hint ? `>${hint}` : ''}`;
    })
    .join(' ');
const sharesOf = (shares: Record<string, number>) => new Map(Object.entries(shares));
const HALVES = sharesOf({ east: 0.5, west: 0.5 });

describe('hints for zones', () => {
  it.each<[why: string, shares: Record<string, number>, before: string, after: string]>([
    ['own zone where that is fair', { east: 0.5, west: 0.5 }, 'east west', 'east>east west>west'],
    [
      'half of them go to who has none',
      { east: 0.5, west: 0.5 },
      'east east east east',
      'east>west east>west east>east east>east',
    ],
    [
      'the greater zone gets more',
      { east: 0.75, west: 0.25 },
      'west west east east',
      'west>east west>west east>east east>east',
    ],
    [
      'nothing moves for less than half an endpoint',
      { east: 0.55, west: 0.45 },
      'east east west west',
      'east>east east>east west>west west>west',
    ],
    [
      'what is not ready neither counts nor gets a hint',
      { east: 0.5, west: 0.5 },
      '!east>east east west',
      '!east east>east west>west',
    ],
  ])('%s', (_, shares, before, after) => {
    const { endpoints, notice } = hinted([slice(before)], sharesOf(shares), false);
    expect(endpoints.map(text)).toEqual([after]);
    expect(notice?.reason).toBe('TopologyAwareHintsEnabled');
  });

  it('are left as they are in a slice that is not written, and the others make up for it', () => {
    const kept = slice('east>west east>west', false);
    const { endpoints, notice } = hinted([slice('west west'), kept], HALVES, true);
    expect(endpoints.map(text)).toEqual(['west>east west>east', 'east>west east>west']);
    expect(endpoints[1]).toBe(kept.endpoints);
    expect(notice).toBeUndefined();
  });

  it('are given anew in a slice that is not written when a zone would have too many, is gone, or one has none', () => {
    for (const before of [
      'east>west east>west east>west east>west',
      'east>south east>east',
      'east east>west',
    ]) {
      const untouched = slice(before, false);
      const { endpoints } = hinted([untouched], HALVES, true);
      const hints = endpoints[0]?.map(({ hints: each }) => each?.forZones?.[0]?.name);
      const west = hints?.filter((name) => name === 'west').length;
      expect(west).toBe((hints?.length ?? 0) / 2);
    }
  });

  it.each<
    [why: string, shares: Record<string, number> | undefined, before: string, message: RegExp]
  >([
    ['nodes do not tell their CPU', undefined, 'east>east west', /^Insufficient Node information/],
    ['a zone would get nothing', { east: 0.5, west: 0.5 }, 'east>east', /\(1 endpoints, 2 zones\)/],
    [
      'the least for each zone is more than there is',
      { east: 0.4, mid: 0.3, west: 0.3 },
      'east>east mid west',
      /overload threshold/,
    ],
    [
      'an endpoint has no zone',
      { east: 0.5, west: 0.5 },
      '? east>east east west',
      /do not have a zone/,
    ],
  ])('all go when %s', (_, shares, before, message) => {
    const { endpoints, notice } = hinted([slice(before)], shares && sharesOf(shares), true);
    expect(endpoints.map(text)).toEqual([before.replace(/>\w+/g, '')]);
    expect(notice).toMatchObject({ type: 'Warning', reason: 'TopologyAwareHintsDisabled' });
    expect(notice?.message).toMatch(message);
  });
});
