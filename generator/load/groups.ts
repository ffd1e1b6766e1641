import type { GroupDescriptor } from '../model/schema.ts';
import type { LoadScope, SourceNode } from './schema.ts';

const KEYS = ['name', 'priority', 'package'];

/** The groups of a file that lists them: `groups: [{ name, priority, package }]`. */
export function readGroups(root: SourceNode, { file, problems }: LoadScope): GroupDescriptor[] {
  const source = root.at('groups')!;
  const complain = (message: string): void =>
    problems.add(
      file,
      source.line,
      source.pointer,
      message,
      'write a list of { name: apps, priority: 17800, package: io.k8s.api.apps }; the last two may be left out',
    );
  if (!Array.isArray(source.value)) {
    complain('groups is no list');
    return [];
  }
  for (const group of source.value as unknown[]) {
    const wrong = complaintOf(group);
    if (wrong) complain(`${JSON.stringify(group)} is no group: ${wrong}`);
  }
  return source.value as GroupDescriptor[];
}

function complaintOf(group: unknown): string | undefined {
  if (typeof group !== 'object' || group === null) return 'it has no keys';
  const { name, priority, package: start } = group as Record<string, unknown>;
  const unknown = Object.keys(group).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return `unknown key ${unknown}`;
  if (typeof name !== 'string') return 'its name is no text';
  if (priority !== undefined && !Number.isInteger(priority)) return 'its priority is no number';
  if (start !== undefined && typeof start !== 'string') return 'its package is no text';
  return undefined;
}
