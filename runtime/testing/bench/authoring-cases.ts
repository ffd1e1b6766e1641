import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterWall, stopwatch } from '../../base/index.ts';
import { openLiveSession, type Session } from '../../cli/session.ts';
import type { Control } from '../../client/index.ts';
import { type Case, type Figure, figure, percentile } from './figure.ts';

const FILES = 50;
const WARM_UP = 5;
const ROUNDS = 30;
const PATIENCE_MS = 20_000;

/** A Deployment and its Service, as people write them: typed, with references. */
function manifest(index: number, replicas: string): string {
  return `
import { Deployment } from 'slipway/apps/v1';
import { podLabels, Service } from 'slipway/core/v1';

const labels = { app: 'app-${index}' };

export const app = new Deployment({
  metadata: { name: 'app-${index}' },
  spec: {
    replicas: ${replicas},
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'shop/app-${index}:1',
            ports: [{ name: 'http', containerPort: 8080 }],
            resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
          },
        ],
      },
    },
  },
});

export const service = new Service({
  metadata: { name: 'app-${index}' },
  spec: { selector: podLabels(app), ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
});
`;
}

const CLUSTER = `
import { Cluster } from 'slipway/cluster/v1';
export const cluster = new Cluster({
  metadata: { name: 'default' },
  spec: { nodePools: [{ name: 'node', count: 10 }] },
});
`;

/** A folder of manifests that is followed, as `slipway watch` does it, and what happens in it. */
class Watched {
  readonly folder: string;
  readonly session: Session;
  #control: Control | undefined;
  #saved: ((failed: boolean) => void) | undefined;

  constructor(folder: string) {
    this.folder = folder;
    this.session = openLiveSession({
      folder: { path: folder, name: 'bench', relativeTo: folder },
      attached: ({ control }) => {
        this.#control = control;
      },
      onFailure: (error) => {
        throw error;
      },
    });
  }

  write(index: number, replicas: string): Promise<void> {
    return writeFile(join(this.folder, `app-${index}.ts`), manifest(index, replicas));
  }

  follow(): Promise<void> {
    return this.session.author.follow(({ findings }) =>
      this.#saved?.(findings.some(({ severity }) => severity === 'error')),
    );
  }

  /** Writes, and resolves when the save was looked at: true if it was refused. */
  async save(index: number, replicas: string): Promise<boolean> {
    const saved = within(
      new Promise<boolean>((resolve) => {
        this.#saved = resolve;
      }),
    );
    await this.write(index, replicas);
    return saved;
  }

  /** Resolves when everything is at its goal. */
  async converged(): Promise<void> {
    await within(
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!this.#control?.converged || this.session.author.busy) return;
          stop();
          resolve();
        };
        const stop = this.#control!.onChange(look);
        look();
      }),
    );
  }
}

function within<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = afterWall(PATIENCE_MS, () => reject(new Error('nothing came of a save')));
    promise.then(resolve, reject).finally(cancel);
  });
}

async function saves(): Promise<Figure[]> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-bench-')));
  const watched = new Watched(folder);
  try {
    await writeFile(join(folder, 'cluster.ts'), CLUSTER);
    for (let index = 0; index < FILES - 1; index++) await watched.write(index, '1');
    await watched.follow();
    await watched.converged();
    const diagnostics: number[] = [];
    const convergence: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      const index = (round * 7) % (FILES - 1);
      const wrong = stopwatch();
      if (!(await watched.save(index, "'two'"))) throw new Error('a mistake was not found');
      if (round >= WARM_UP) diagnostics.push(wrong());
      const right = stopwatch();
      if (await watched.save(index, String((round % 3) + 2))) throw new Error('a save was refused');
      await watched.converged();
      if (round >= WARM_UP) convergence.push(right());
    }
    return [
      figure('save → diagnostics, 50 files, warm, p95', percentile(diagnostics, 0.95), 'ms', 150),
      figure('save → converged, 50 files, warm, p95', percentile(convergence, 0.95), 'ms', 300),
    ];
  } finally {
    await watched.session.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export const manifestCases: readonly Case[] = [{ name: 'saves', run: saves }];
