import { describe, expect, it } from 'vitest';
import { formatMicroTime, formatTime, humanDuration, parseTime } from './time.ts';

describe('times', () => {
  it('are whole seconds, or six decimals', () => {
    const at = Date.parse('2026-01-02T03:04:05.678Z');
    expect(formatTime(at)).toBe('2026-01-02T03:04:05Z');
    expect(formatMicroTime(at)).toBe('2026-01-02T03:04:05.678000Z');
    expect(parseTime(formatTime(at))).toBe(Math.floor(at / 1000) * 1000);
    expect(parseTime(undefined)).toBeNaN();
    expect(parseTime('soon')).toBeNaN();
  });

  it.each([
    [-2000, '<invalid>'],
    [-1999, '0s'],
    [0, '0s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [125_000, '2m5s'],
    [600_000, '10m'],
    [179 * 60_000, '179m'],
    [180 * 60_000, '3h'],
    [185 * 60_000, '3h5m'],
    [8 * 3_600_000, '8h'],
    [47.9 * 3_600_000, '47h'],
    [49 * 3_600_000, '2d1h'],
    [8 * 86_400_000, '8d'],
    [729 * 86_400_000, '729d'],
    [731 * 86_400_000, '2y1d'],
    [2920 * 86_400_000, '8y'],
  ])('%d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});
