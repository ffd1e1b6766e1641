import { describe, expect, it } from 'vitest';
import type { SchedulerConfig, SchedulerProfile } from './config.ts';
import { DefaultSelectors } from './default-selector.ts';
import { type Profile, resolveProfiles } from './profile.ts';
import { listedStorage } from './volumes/index.ts';

const sources = { selectors: new DefaultSelectors(), storage: listedStorage({}) };

function resolve(profile: SchedulerProfile, config: SchedulerConfig = {}): Profile {
  return [...resolveProfiles({ ...config, profiles: [profile] }, sources).values()][0]!;
}

const filters = ({ localFilters, clusterFilters }: Profile): string[] =>
  [...localFilters, ...clusterFilters].map(({ name }) => name);
const scores = ({ localScores, clusterScores }: Profile): Record<string, number> =>
  Object.fromEntries(
    [...localScores, ...clusterScores].map(({ plugin, weight }) => [plugin.name, weight]),
  );

describe('profiles', () => {
  it('have the default plugins in their order, with the default weights', () => {
    const profile = resolve({});
    expect(filters(profile)).toEqual([
      'NodeUnschedulable',
      'TaintToleration',
      'NodeAffinity',
      'NodePorts',
      'NodeResourcesFit',
      'VolumeRestrictions',
      'NodeVolumeLimits',
      'VolumeBinding',
      'VolumeZone',
      'PodTopologySpread',
      'InterPodAffinity',
    ]);
    expect(scores(profile)).toEqual({
      TaintToleration: 3,
      NodeAffinity: 2,
      NodeResourcesFit: 1,
      VolumeBinding: 1,
      PodTopologySpread: 2,
      InterPodAffinity: 2,
      NodeResourcesBalancedAllocation: 1,
      ImageLocality: 1,
    });
    expect(profile).toMatchObject({ schedulerName: 'default-scheduler', bindTimeoutMs: 600_000 });
  });

  it('lose what a point or multiPoint disables, and keep what is enabled by name', () => {
    const profile = resolve({
      plugins: {
        multiPoint: { disabled: [{ name: 'ImageLocality' }, { name: 'NodePorts' }] },
        filter: { disabled: [{ name: 'TaintToleration' }], enabled: [{ name: 'NodePorts' }] },
        score: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeAffinity', weight: 7 }] },
      },
    });
    expect(filters(profile)).toContain('NodePorts');
    expect(filters(profile)).not.toContain('TaintToleration');
    expect(scores(profile)).toEqual({ NodeAffinity: 7 });
  });

  it('may have nothing but what they name', () => {
    const profile = resolve({
      plugins: {
        multiPoint: {
          disabled: [{ name: '*' }],
          enabled: [{ name: 'NodeResourcesFit', weight: 4 }],
        },
      },
    });
    expect(filters(profile)).toEqual(['NodeResourcesFit']);
    expect(scores(profile)).toEqual({ NodeResourcesFit: 4 });
    expect([profile.gates, profile.preemption, profile.bindTimeoutMs]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });

  it('ask the plugins that a point names first', () => {
    const profile = resolve({ plugins: { filter: { enabled: [{ name: 'NodePorts' }] } } });
    expect(filters(profile)[0]).toBe('NodePorts');
  });

  it('have a share of nodes of their own, or that of all', () => {
    const config = { percentageOfNodesToScore: 30 };
    expect(resolve({}, config).percentageOfNodesToScore).toBe(30);
    expect(resolve({ percentageOfNodesToScore: 70 }, config).percentageOfNodesToScore).toBe(70);
  });
});
