import type { KindDescriptor } from '../model/schema.ts';

/**
 * The text of `generated/<group>/<version>/resources.ts`: a typed `ResourceRef` constant a kind, named by its plural, by which
 * runtime code addresses the API (`client.get(pods, …)`). `kinds` are those of one group version.
 */
export function emitResources(kinds: readonly KindDescriptor[]): string {
  const lines = [
    `import type { ResourceRef } from '../../../generator/support/resource-ref.ts';`,
    `import type * as types from './types.ts';`,
    '',
  ];
  for (const kind of kinds) {
    lines.push(
      `export const ${kind.plural}: ResourceRef<types.${kind.kind}> = {`,
      `  group: '${kind.group}',`,
      `  version: '${kind.version}',`,
      `  resource: '${kind.plural}',`,
      `  kind: '${kind.kind}',`,
      `  namespaced: ${kind.namespaced},`,
      '};',
      '',
    );
  }
  return lines.join('\n');
}
