import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Client } from '../../client/index.ts';
import type { Finding, SourceTexts } from '../contract.ts';
import { finding } from '../findings.ts';
import { checkPod } from './check.ts';
import { readPods } from './read.ts';

/** What one look at a folder of static pods gives. */
export interface StaticPodRead {
  /** Of each file what it said last without a mistake, in the order of the files' names. */
  readonly pods: readonly Pod[];
  readonly findings: readonly Finding[];
  /** Files that were read. */
  readonly files: number;
}

export interface StaticPodFolder {
  /** Absolute. */
  readonly path: string;
  /** Looks at the folder; what has not changed is not read again. Never throws for an author's mistake. */
  read(client: Client): Promise<StaticPodRead>;
  /** The text of a file that a range names, as it was last read; for frames. */
  readonly sourceText: SourceTexts;
}

interface Known {
  readonly text: string;
  readonly pods: readonly Pod[];
  readonly findings: readonly Finding[];
}

const MANIFEST = /^[^.].*\.(ya?ml|json)$/;

/** A folder whose paths are shown from `relativeTo`. It need not be there: then no pod is in it. */
export function openStaticPods(folder: string, relativeTo: string): StaticPodFolder {
  const path = resolve(folder);
  const files = new Map<string, Known>();
  const shown = (name: string): string => relative(relativeTo, join(path, name)) || name;
  return {
    path,
    sourceText: (file) => [...files].find(([name]) => shown(name) === file)?.[1].text,
    async read(client) {
      const listing = list(path, shown('.'));
      if ('findings' in listing)
        return { pods: podsOf(files), findings: listing.findings, files: files.size };
      for (const name of files.keys()) if (!listing.names.includes(name)) files.delete(name);
      for (const name of listing.names) {
        const known = files.get(name);
        const text = textOf(join(path, name));
        if (text === undefined) files.delete(name);
        else if (text !== known?.text)
          files.set(name, await read(shown(name), text, known, client));
      }
      const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
      const all = [...sorted.map(([, known]) => known)];
      return {
        pods: podsOf(new Map(sorted)),
        findings: all.flatMap(({ findings }) => findings),
        files: all.length,
      };
    },
  };
}

const podsOf = (files: ReadonlyMap<string, Known>): readonly Pod[] =>
  [...files.values()].flatMap(({ pods }) => pods);

async function read(
  file: string,
  text: string,
  known: Known | undefined,
  client: Client,
): Promise<Known> {
  const { pods: written, findings: wrong } = readPods(file, text);
  const checks = [];
  for (const each of written) checks.push(await checkPod(each, client));
  const findings = [...wrong, ...checks.flatMap((each) => each.findings)];
  const good = checks.flatMap(({ pod }) => pod ?? []);
  return { text, findings, pods: findings.length > 0 ? (known?.pods ?? []) : good };
}

function list(
  path: string,
  name: string,
): { readonly names: readonly string[] } | { readonly findings: readonly Finding[] } {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    const names = entries.filter((each) => !each.isDirectory() && MANIFEST.test(each.name));
    return { names: names.map((each) => each.name).sort() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { names: [] };
    return { findings: [finding('E_MANIFEST_READ', `${name} cannot be read: ${message}`)] };
  }
}

/** Undefined for a file that is gone again. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
