import { describe, expect, it } from 'vitest';
import { formatQuantity } from '../../meta/index.ts';
import {
  type Level,
  levelOf,
  parsePercentage,
  parseThresholds,
  sameThreshold,
  ThresholdError,
  type ThresholdStatements,
  withContainerFs,
} from './thresholds.ts';

const shown = (level: Level | undefined): string =>
  level ? ('quantity' in level ? formatQuantity(level.quantity) : `${level.share * 100} %`) : '-';
const parsed = (statements: ThresholdStatements): string[] =>
  parseThresholds(statements).map(
    ({ signal, graceMs, value, minReclaim }) =>
      `${signal} < ${shown(value)} after ${graceMs} and ${shown(minReclaim)}`,
  );

describe('thresholds', () => {
  it('are read from what the settings say by signal', () => {
    expect(
      parsed({
        hard: { 'pid.available': '1k', 'nodefs.available': '25%' },
        soft: { 'memory.available': '1Gi' },
        softGracePeriod: { 'memory.available': '1m30s' },
        minimumReclaim: { 'nodefs.available': '500Mi' },
      }),
    ).toEqual([
      'pid.available < 1k after 0 and -',
      'nodefs.available < 25 % after 0 and 500Mi',
      'memory.available < 1Gi after 90000 and -',
    ]);
  });

  it('of the memory of the node hold for all pods where that is enforced, if they are hard', () => {
    const soft = {
      soft: { 'memory.available': '1Gi' },
      softGracePeriod: { 'memory.available': '1s' },
    };
    const all = { hard: { 'memory.available': '7%' }, ...soft, enforceNodeAllocatable: ['pods'] };
    expect(parseThresholds(all).map(({ signal }) => signal)).toEqual([
      'memory.available',
      'memory.available',
      'allocatableMemory.available',
    ]);
  });

  it('of 0% and 100% are none', () => {
    expect(parsed({ hard: { 'memory.available': '0%', 'nodefs.available': '100%' } })).toEqual([]);
  });

  it.each<[string, ThresholdStatements]>([
    ['an unknown signal', { hard: { 'memory.free': '1Gi' } }],
    ['no amount', { hard: { 'memory.available': 'some' } }],
    ['nothing', { hard: { 'memory.available': '0' } }],
    ['a negative share', { hard: { 'memory.available': '-2%' } }],
    ['more than all', { hard: { 'memory.available': '101%' } }],
    ['a soft one without grace', { soft: { 'memory.available': '1Gi' } }],
    ['grace that is no time', { softGracePeriod: { 'memory.available': 'soon' } }],
    ['nothing to reclaim in percent', { minimumReclaim: { 'memory.available': '0%' } }],
    ['a debt to reclaim', { minimumReclaim: { 'memory.available': '-1' } }],
  ])('are refused: %s', (_, statements) => {
    expect(() => parseThresholds(statements)).toThrow(ThresholdError);
  });

  it('mean an amount of the capacity, rounded down in single precision', () => {
    const [share] = parseThresholds({ hard: { 'nodefs.available': '10%' } });
    expect(levelOf(share!.value, 1001)).toBe(100);
    expect(levelOf(share!.value, 100 * 2 ** 30)).toBe(10737418400);
    expect(parsePercentage('12.5%')).toBe(0.125);
    expect(() => parsePercentage('1%2')).toThrow('invalid percentage');
  });

  it('are one whatever is to be reclaimed', () => {
    const [a, b, c] = (['1Gi', '1024Mi', '2Gi'] as const).map(
      (value) => parseThresholds({ hard: { 'memory.available': value } })[0]!,
    );
    const reclaiming = { ...b!, minReclaim: { share: 0.5 } };
    expect([sameThreshold(a!, reclaiming), sameThreshold(a!, c!)]).toEqual([true, false]);
  });

  it('of writable layers follow the disk that these lie on', () => {
    const given = parseThresholds({
      hard: {
        'nodefs.available': '1Gi',
        'imagefs.inodesFree': '5%',
        'containerfs.available': '9Gi',
      },
    });
    const on = (dedicatedImageFs: boolean, splitContainerFs: boolean): string[] =>
      withContainerFs(given, { dedicatedImageFs, splitContainerFs })
        .map(({ signal, value }) => `${signal} ${shown(value)}`)
        .filter((each) => each.startsWith('containerfs'));
    expect(on(false, false)).toEqual(['containerfs.available 1Gi']);
    expect(on(true, true)).toEqual(['containerfs.available 1Gi']);
    expect(on(true, false)[0]).toMatch(/^containerfs\.inodesFree 5/);
  });
});
