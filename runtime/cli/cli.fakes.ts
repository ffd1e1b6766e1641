import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { COMMANDS } from './commands.ts';
import type { Interruption, Io } from './io.ts';
import { runCommand } from './main.ts';
import { parse } from './parser.ts';

export interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, in a folder of its own. */
export class Shell {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'slipway-cli-'));

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  async run(...argv: readonly string[]): Promise<Ended> {
    return this.start(...argv).ended;
  }

  /** Starts a command that goes on; `interrupt` is a signal to it. */
  start(...argv: readonly string[]) {
    const output = { out: '', err: '' };
    const controller = new AbortController();
    const io: Io = {
      out: (text) => {
        output.out += text;
      },
      err: (text) => {
        output.err += text;
      },
      color: false,
      isTerminal: false,
      interrupted: controller.signal,
      workingFolder: this.folder,
    };
    const parsed = parse(COMMANDS, argv, io);
    const exitCode = typeof parsed === 'number' ? Promise.resolve(parsed) : runCommand(parsed, io);
    return {
      output,
      interrupt: (signal: Interruption) => controller.abort(signal),
      ended: exitCode.then((code): Ended => ({ exitCode: code, ...output })),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A folder with one node and one Deployment. */
export const SMALL = {
  'shop/cluster.ts': `
    import { Cluster } from 'slipway/cluster/v1';
    export default new Cluster({
      metadata: { name: 'default' },
      spec: { nodePools: [{ name: 'node', count: 2, capacity: { cpu: 2, memory: '4Gi' } }] },
    });`,
  'shop/web.ts': `
    import { Deployment } from 'slipway/apps/v1';
    import { Namespace } from 'slipway/core/v1';
    export const shop = new Namespace({ metadata: { name: 'shop' } });
    const labels = { app: 'web' };
    export const web = new Deployment({
      metadata: { name: 'web', namespace: shop.name },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [{ name: 'web', image: 'web:1', resources: { requests: { cpu: '500m' } } }],
          },
        },
      },
    });`,
} as const;

/** SMALL with something else in web.ts. */
export function changed(from: string, to: string): Record<string, string> {
  const text = SMALL['shop/web.ts'];
  if (!text.includes(from)) throw new Error(`web.ts has no ${from}`);
  return { ...SMALL, 'shop/web.ts': text.replace(from, to) };
}
