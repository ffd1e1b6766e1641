import { describe, expect, it } from 'vitest';
import { parseSchedule } from './schedule.ts';

const sets = (text: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(parseSchedule(text)).map(([name, value]) => [
      name,
      value instanceof Set ? [...value] : value,
    ]),
  );

const message = (text: string): string => {
  try {
    parseSchedule(text);
    return 'read';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('parseSchedule', () => {
  it('reads numbers, ranges, steps, lists and names', () => {
    expect(sets('*/20 8-10 1,15 jan-mar Mon')).toEqual({
      minutes: [0, 20, 40],
      hours: [8, 9, 10],
      daysOfMonth: [1, 15],
      months: [1, 2, 3],
      daysOfWeek: [1],
      isEitherDay: true,
    });
    expect(sets('50/5 0-23/12 ? * *')).toMatchObject({
      minutes: [50, 55],
      hours: [0, 12],
      isEitherDay: false,
    });
  });

  it('knows that a stepped star restricts the day', () => {
    expect(sets('0 0 */2 * 1')).toMatchObject({ isEitherDay: true });
    expect(sets('0 0 * * 1')).toMatchObject({ isEitherDay: false });
  });

  it('reads descriptors and intervals', () => {
    expect(sets('@weekly')).toEqual(sets('0 0 * * 0'));
    expect(parseSchedule('@every 1h30m')).toEqual({ everyMs: 5_400_000 });
    expect(parseSchedule('@every 10ms')).toEqual({ everyMs: 1000 });
  });

  it.each([
    ['', 'empty spec string'],
    ['* * *', 'expected exactly 5 fields, found 3: [* * *]'],
    ['@often', 'unrecognized descriptor: @often'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['0 0 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-2 * * * *', 'beginning of range (5) beyond end of range (2): 5-2'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
  ])('refuses %j', (text, words) => {
    expect(message(text)).toBe(words);
  });
});
