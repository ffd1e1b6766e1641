import type { KindDescriptor } from '../model/schema.ts';
import type { LoadScope, SourceNode } from './schema.ts';

/** A kind as read, with the file that declares it. */
export interface DeclaredKind {
  readonly descriptor: KindDescriptor;
  readonly root: SourceNode;
  readonly scope: LoadScope;
}

/**
 * Settles which versions of a kind stand for the same objects: one that names another as its storage version has its columns,
 * unless it has its own. Complains of storage versions that do not exist or are themselves stored elsewhere.
 */
export function settleVersions(declared: readonly DeclaredKind[]): KindDescriptor[] {
  const byName = new Map(declared.map(({ descriptor }) => [nameOf(descriptor), descriptor]));
  return declared.map(({ descriptor, root, scope }) => {
    const { storageVersion, kind } = descriptor;
    if (storageVersion === undefined) return descriptor;
    const stored = byName.get(`${storageVersion} ${kind}`);
    const line = root.at('storageVersion')?.line ?? 1;
    const complain = (message: string, help: string): void =>
      scope.problems.add(scope.file, line, '/storageVersion', message, help);
    if (!stored) complain(`there is no ${kind} in ${storageVersion}`, 'name a version that has it');
    else if (stored.storageVersion)
      complain(
        `${kind} of ${storageVersion} is itself stored as ${stored.storageVersion}`,
        'name that one',
      );
    if (!stored || descriptor.printerColumns.length > 0) return descriptor;
    return { ...descriptor, printerColumns: stored.printerColumns };
  });
}

function nameOf({ group, version, kind }: KindDescriptor): string {
  return `${group === '' ? version : `${group}/${version}`} ${kind}`;
}
