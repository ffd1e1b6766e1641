import { describe, expect, it } from 'vitest';
import { collectContainers, type PodContainer } from './container-gc.ts';
import { collectImages, type KnownImage } from './image-gc.ts';

const policy = { highPercent: 85, lowPercent: 80, minAgeMs: 1000, maxAgeMs: 0 };
const image = (name: string, rest: Partial<KnownImage> = {}): KnownImage => ({
  image: name,
  sizeBytes: 10,
  atMs: 0,
  inUse: false,
  ...rest,
});

function removed(
  images: readonly KnownImage[],
  availableBytes: number,
  own: Partial<typeof policy> = {},
) {
  const disk = { capacityBytes: 100, availableBytes };
  const done = collectImages(images, disk, { ...policy, ...own }, 100_000);
  return [done.removed.map((each) => each.image).join(' '), done.shortfall];
}

describe('images', () => {
  const three = [
    image('late', { lastUsedMs: 300 }),
    image('early', { lastUsedMs: 200 }),
    image('never', { atMs: 5 }),
  ];

  it('go from the high mark on, the least recently used first, down to the low one', () => {
    expect(removed(three, 16)).toEqual(['', undefined]);
    expect(removed(three, 15)).toEqual(['never', undefined]);
    expect(removed(three, 5)).toEqual(['never early', undefined]);
  });

  it('stay while something uses them, while they are young, and while they are pulled', () => {
    const kept = [
      image('used', { inUse: true }),
      image('young', { atMs: 99_001 }),
      image('coming', { atMs: 100_005 }),
    ];
    expect(removed(kept, 5)).toEqual([
      '',
      'Failed to garbage collect required amount of images. Attempted to free 15 bytes, but only found 0 bytes eligible to free.',
    ]);
  });

  it('go when nobody has used them for too long, however much room there is', () => {
    const images = [...three, image('used', { inUse: true })];
    expect(removed(images, 90, { maxAgeMs: 99_750 })).toEqual(['early never', undefined]);
  });
});

describe('containers that have ended', () => {
  const dead = (pod: string, name: string, run: number, createdMs = run): PodContainer => ({
    pod,
    dead: { name, image: 'x', run, createdMs, layerBytes: 0, logBytes: 0, inodes: 0 },
  });
  const all = [
    dead('p', 'a', 0),
    dead('p', 'a', 1),
    dead('p', 'a', 2),
    dead('p', 'b', 0),
    dead('q', 'a', 5),
  ];
  const gone = (own: object) =>
    collectContainers(all, { minAgeMs: 0, maxPerPodContainer: -1, maxContainers: -1, ...own }, 1000)
      .map(({ pod, dead: { name, run } }) => `${pod}/${name}/${run}`)
      .sort()
      .join(' ');

  it('stay without a limit', () => {
    expect(gone({})).toBe('');
  });

  it('go from the oldest run on, container by container', () => {
    expect(gone({ maxPerPodContainer: 1 })).toBe('p/a/0 p/a/1');
    expect(gone({ maxPerPodContainer: 0 })).toBe('p/a/0 p/a/1 p/a/2 p/b/0 q/a/5');
    expect(gone({ maxPerPodContainer: 0, minAgeMs: 998 })).toBe('p/a/0 p/a/1 p/a/2 p/b/0');
  });

  it('go evenly, then the oldest, where there are too many in all', () => {
    expect(gone({ maxContainers: 4 })).toBe('p/a/0 p/a/1');
    expect(gone({ maxContainers: 2 })).toBe('p/a/0 p/a/1 p/b/0');
  });
});
