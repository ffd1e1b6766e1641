import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deployments } from '../../generated/apps/v1/resources.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import { folderNamed } from './folder.ts';
import { type Live, openLiveSession } from './session.ts';

const MANIFEST = `
import { Deployment } from 'slipway/apps/v1';
import { Node } from 'slipway/core/v1';

export const node = new Node({ metadata: { name: 'n1' } });
export const web = new Deployment({
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1' }] },
    },
  },
});
`;

it('copies a live cluster as it is and as it was, and leaves it alone', async () => {
  const path = mkdtempSync(join(tmpdir(), 'slipway-copy-'));
  writeFileSync(join(path, 'shop.ts'), MANIFEST);
  let live: Live | undefined;
  const session = openLiveSession({
    folder: folderNamed(path, { workingFolder: '/' } as never),
    attached: (cluster) => {
      live = cluster;
    },
  });
  try {
    await session.author.save();
    const { control, transport } = live!;
    const hour = control.clock().nowMs + 3_600_000;
    expect(await control.runUntil(() => control.converged, hour)).toBe(true);
    const count = (of: Live['transport']): number => of.lister(pods).list().length;
    const revision = control.revision();

    const { live: copy, other, stop } = await live!.copy('now');
    expect(copy.control.clock().mode).toBe('paused');
    expect(copy.control.manifestOf('deployments.apps', 'default/web')?.object.kind).toBe(
      'Deployment',
    );
    const web = { name: 'web', namespace: 'default' };
    const client = copy.request({ verb: 'scale' });
    await client.patch(deployments, web, { spec: { replicas: 5 } });
    await copy.control.runUntil(() => copy.control.converged, hour);
    expect([count(copy.transport), count(other.transport), count(transport)]).toEqual([5, 2, 2]);
    expect([other.isLater, control.revision()]).toEqual([false, revision]);
    await stop();

    await live!.request({ verb: 'scale' }).patch(deployments, web, { spec: { replicas: 1 } });
    // Time stands still with work under way: what is left of the moment is done first.
    const { nowMs, mode } = control.clock();
    expect([mode, control.converged]).toEqual(['paused', false]);
    await (await live!.copy('now')).stop();
    expect(control.clock().nowMs).toBe(nowMs);
    await control.runUntil(() => control.converged, hour);
    const past = await live!.copy({ revision });
    expect([count(past.live.transport), count(past.other.transport)]).toEqual([2, 1]);
    expect([past.other.isLater, past.live.control.revision()]).toEqual([true, revision]);
    await past.stop();
    await expect(live!.copy({ revision: control.revision() + 1 })).rejects.toThrow(
      /that moment is not held; there are rev .*-/,
    );
  } finally {
    await session.close();
    rmSync(path, { recursive: true });
  }
});
