import type { HostPathVolumeSource } from '../../../generated/core/v1/types.ts';
import type { Entry } from './files/index.ts';

/** What stands in a node's own file of names, line by line. */
export const NODE_HOSTS: readonly string[] = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
];

/** Files that every node has, and that pods may look at. */
const FILES: Readonly<Record<string, string>> = {
  '/etc/hosts': `${NODE_HOSTS.join('\n')}\n`,
  '/etc/os-release': 'NAME="Linux"\nID=linux\n',
};

const FILE_TYPES: ReadonlySet<string> = new Set([
  'File',
  'FileOrCreate',
  'Socket',
  'CharDevice',
  'BlockDevice',
]);

/** What stands at a path of a node; undefined for a directory. */
export function hostFile(
  { path, type = '' }: HostPathVolumeSource,
  nowMs: number,
): Entry | undefined {
  const bytes = FILES[path];
  if (bytes === undefined && !FILE_TYPES.has(type)) return undefined;
  return { kind: 'file', bytes: bytes ?? '', mode: 0o644, uid: 0, gid: 0, changedMs: nowMs };
}
