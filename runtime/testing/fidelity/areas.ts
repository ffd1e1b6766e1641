import { join } from 'node:path';
import { createCluster } from '../../cluster/index.ts';
import { replayCreates, replayDiscovery, replaySequences } from './api/index.ts';
import { replayControllers } from './controllers/index.ts';
import { run as eviction } from './eviction.ts';
import { run as nodelifecycle } from './nodelifecycle.ts';
import { run as patch } from './patch.ts';
import { run as printers } from './printers.ts';
import { run as proxy } from './proxy/index.ts';
import { run as quantity } from './quantity.ts';
import type { AreaResult } from './report.ts';
import { run as scheduler } from './scheduler.ts';
import { run as schedulerOracle } from './scheduler-oracle.ts';
import { run as selectors } from './selectors.ts';

/** One area: which facts it needs, and how we do by them. */
export interface Area {
  readonly name: string;
  readonly needs: 'vectors' | 'oracle';
  /** `dir` is the folder of the vectors or of the oracle. */
  run(dir: string): Promise<AreaResult>;
}

/** The version that was recorded, where ours can be told to be it. */
const RECORDED = { kubernetesVersion: '1.28' } as const;

export const AREAS: readonly Area[] = [
  { name: 'quantity', needs: 'vectors', run: quantity },
  { name: 'selectors', needs: 'vectors', run: selectors },
  { name: 'patch', needs: 'vectors', run: patch },
  { name: 'printers', needs: 'vectors', run: printers },
  { name: 'kubelet-eviction', needs: 'vectors', run: eviction },
  { name: 'nodelifecycle', needs: 'vectors', run: nodelifecycle },
  { name: 'scheduler', needs: 'vectors', run: scheduler },
  {
    name: 'scheduler-oracle',
    needs: 'oracle',
    run: (dir) => schedulerOracle(join(dir, 'scheduler')),
  },
  {
    name: 'controllers',
    needs: 'oracle',
    run: (dir) =>
      replayControllers(join(dir, 'controllers', 'cases'), () =>
        createCluster({ without: ['nodes'], ...RECORDED }),
      ),
  },
  { name: 'proxy', needs: 'oracle', run: (dir) => proxy(join(dir, 'proxy', 'cases')) },
  {
    name: 'api-create',
    needs: 'oracle',
    run: (dir) => replayCreates(join(dir, 'api'), createCluster),
  },
  {
    name: 'api-sequences',
    needs: 'oracle',
    run: (dir) => replaySequences(join(dir, 'api'), createCluster),
  },
  { name: 'api-discovery', needs: 'oracle', run: (dir) => replayDiscovery(join(dir, 'api')) },
];
