import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CheckResult, Project, ProjectOptions } from './contract.ts';
import { formatFinding } from './frame.ts';
import { openProject } from './project.ts';

export type Files = Readonly<Record<string, string>>;

/** A folder of manifests that lives as long as a test. */
export class TempProject {
  readonly folder: string;
  readonly project: Project;

  constructor(files: Files, options: Partial<ProjectOptions> = {}) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-')));
    this.write(files);
    this.project = openProject({ folder: this.folder, relativeTo: this.folder, ...options });
  }

  write(files: Files): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  remove(name: string): void {
    rmSync(join(this.folder, name), { recursive: true });
  }

  check(): Promise<CheckResult> {
    return this.project.check();
  }

  /** All frames of a check, one after the other. */
  async frames(): Promise<string> {
    const { findings } = await this.check();
    return findings.map((each) => formatFinding(each, this.project.sourceText)).join('\n\n');
  }

  async close(): Promise<void> {
    await this.project.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Checks files once and gives their frames. */
export async function framesOf(
  files: Files,
  options: Partial<ProjectOptions> = {},
): Promise<string> {
  const temp = new TempProject(files, options);
  try {
    return await temp.frames();
  } finally {
    await temp.close();
  }
}

/** A Deployment that is right, with the text of its pod template's spec. */
export const deployment = (podSpec: string, name = 'web'): string => `
import { Deployment } from 'slipway/apps/v1';

export const ${name} = new Deployment({
  metadata: { name: '${name}', namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: '${name}' } },
    template: {
      metadata: { labels: { app: '${name}' } },
      spec: ${podSpec},
    },
  },
});
`;

export const GOOD_POD = `{ containers: [{ name: 'web', image: 'nginx' }] }`;
