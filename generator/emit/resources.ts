import type { KindDescriptor } from '../model/schema.ts';
import { fromLine, identifier, quoted, supportModule, TYPES_IMPORT } from './names.ts';

/** The fields of a `ResourceRef`, a line each, indented by two. */
export function resourceLines(kind: KindDescriptor): string[] {
  return [
    `  group: ${quoted(kind.group)},`,
    `  version: ${quoted(kind.version)},`,
    `  resource: ${quoted(kind.plural)},`,
    `  kind: ${quoted(kind.kind)},`,
    `  namespaced: ${kind.namespaced},`,
  ];
}

/**
 * The text of `generated/<group>/<version>/resources.ts`: a typed `ResourceRef` constant a kind, named by its plural, by which
 * runtime code addresses the API (`client.get(pods, …)`). `kinds` are those of one group version.
 */
export function emitResources(kinds: readonly KindDescriptor[]): string {
  const lines = [
    fromLine('import type { ResourceRef }', supportModule('resource-ref')),
    TYPES_IMPORT,
    '',
  ];
  for (const kind of kinds)
    lines.push(
      `export const ${identifier(kind.plural)}: ResourceRef<types.${kind.kind}> = {`,
      ...resourceLines(kind),
      '};',
      '',
    );
  return lines.join('\n');
}
