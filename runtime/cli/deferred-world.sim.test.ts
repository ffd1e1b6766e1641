import { describe, expect, it, vi } from 'vitest';
import { namespaces } from '../../generated/core/v1/resources.ts';
import type { ManifestState } from '../client/index.ts';
import { createCluster } from '../testing/index.ts';
import { deferredWorld } from './deferred-world.ts';
import type { Live } from './session.ts';

const opening: ManifestState = {
  folder: 'manifests',
  phase: 'checking',
  files: 0,
  resources: 0,
  errors: [],
};

describe('deferredWorld', () => {
  it('shows an empty cluster that is being checked, then the real one, and tells whoever looks', async () => {
    const screen = deferredWorld(1000, opening);
    const { world, control } = screen;
    const told = vi.fn();
    const stop = control.onChange(told);
    expect(control.clock()).toEqual({ nowMs: 1000, elapsedMs: 0, mode: 'eager', speed: 1 });
    expect([control.converged, control.progress(), world.kinds]).toEqual([false, [], []]);
    expect(world.lister(namespaces).byKey('default')).toBeUndefined();
    expect(control.manifests()?.phase).toBe('checking');

    screen.show(() => ({ ...opening, phase: 'applying' }));
    expect(control.manifests()?.phase).toBe('applying');
    expect(told).toHaveBeenCalledTimes(1);

    const { cluster } = await createCluster();
    const real = { ...control, converged: true, revision: () => 7, onChange: vi.fn() };
    const { kinds, transport } = cluster;
    screen.attach({ kinds, transport, control: real, remove: vi.fn() } as unknown as Live);
    expect([control.converged, control.revision(), world.kinds]).toEqual([true, 7, kinds]);
    expect(world.lister(namespaces).byKey('default')).toBeDefined();
    expect(real.onChange).toHaveBeenCalledOnce();
    const before = told.mock.calls.length;
    stop();
    control.tell();
    expect(told).toHaveBeenCalledTimes(before);
  });
});
