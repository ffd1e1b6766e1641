import type { KindDescriptor, SchemaSet } from '../model/schema.ts';

/** `core/v1.PodSpec` → its folder and its name. */
export function splitName(definition: string): { folder: string; name: string } {
  const dot = definition.indexOf('.');
  return { folder: definition.slice(0, dot), name: definition.slice(dot + 1) };
}

/** Every folder of generated code, `core/v1`, with its definitions and kinds. */
export function groupVersions(
  set: SchemaSet,
): { folder: string; definitions: string[]; kinds: KindDescriptor[] }[] {
  const folders = new Map<string, { definitions: string[]; kinds: KindDescriptor[] }>();
  const at = (folder: string): { definitions: string[]; kinds: KindDescriptor[] } => {
    const found = folders.get(folder) ?? { definitions: [], kinds: [] };
    folders.set(folder, found);
    return found;
  };
  for (const definition of Object.keys(set.definitions))
    at(splitName(definition).folder).definitions.push(definition);
  for (const kind of set.kinds) at(splitName(kind.schema).folder).kinds.push(kind);
  return [...folders]
    .map(([folder, each]) => ({ folder, ...each }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** `core/v1` and `meta/v1` → `../../meta/v1`. */
export function relativeFolder(from: string, to: string): string {
  return from === to ? '.' : `${from.split('/').map(() => '..').join('/')}/${to}`;
}

/** The TSDoc of a field: what hovering shows. */
export function docComment(text: string | undefined, indent: string): string {
  if (!text) return '';
  return `${indent}/** ${text.replaceAll('*/', '*\\/').trim().replaceAll('\n', `\n${indent} * `)} */\n`;
}
