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

/** From a file in folder `from` (`apps/v1`) to folder `to`: `../../meta/v1`. */
export function relativeFolder(from: string, to: string): string {
  const up = from
    .split('/')
    .map(() => '..')
    .join('/');
  return `${up}/${to}`;
}

/** A module of `generator/support` as code in `generated/<group>/<version>/` imports it. */
export const supportModule = (name: string): string => `../../../generator/support/${name}.ts`;

/** `import … from …`, or an export of that form. */
export function fromLine(what: string, module: string): string {
  return `${what} from '${module}';`;
}

/** The types of the same group version. */
export const TYPES_IMPORT = fromLine('import type * as types', './types.ts');

/** A text as a TypeScript string literal. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}

/** A field's name as the key of an interface or class. */
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

// What may name a property but not a constant of a module.
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/** A name as an identifier: `widget-sets` → `widgetSets`, `imports` stays, `delete` → `delete_`. */
export function identifier(name: string): string {
  const joined = name.replace(
    /[^\w$]+(.)?/g,
    (_, next: string | undefined) => next?.toUpperCase() ?? '',
  );
  const safe = /^\d/.test(joined) ? `_${joined}` : joined;
  return RESERVED.has(safe) ? `${safe}_` : safe;
}

/** The TSDoc of a field: what hovering shows. */
export function docComment(text: string | undefined, indent: string): string {
  if (!text) return '';
  const safe = text.replaceAll('*/', '*\\/');
  if (!safe.includes('\n')) return `${indent}/** ${safe} */\n`;
  const lines = safe.split('\n').map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/**\n${lines.join('\n')}\n${indent} */\n`;
}
