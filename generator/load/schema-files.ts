import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import type {
  GroupDescriptor,
  KindDescriptor,
  MessageFields,
  Schema,
  SchemaSet,
} from '../model/schema.ts';
import { readGroups } from './groups.ts';
import { readKind } from './kind.ts';
import { readMessages } from './messages.ts';
import { Problems } from './problems.ts';
import { readSchema, type SourceNode } from './schema.ts';
import { type DeclaredKind, settleVersions } from './versions.ts';

interface SchemaFile {
  /** `core/v1/pod.yaml`, as references name it. */
  readonly path: string;
  /** `core/v1` */
  readonly group: string;
  readonly root: SourceNode;
}

/** Reads every YAML file under `folder` into one `SchemaSet`; throws `SchemaProblems` with all that is wrong. */
export function loadSchemas(folder: string): SchemaSet {
  const problems = new Problems();
  const files = yamlFiles(folder).map((path) => readFile(folder, path, problems));
  const names = new Set(files.flatMap((file) => definitionNames(file)));
  const definitions: Record<string, Schema> = {};
  const declared: DeclaredKind[] = [];
  const groups: GroupDescriptor[] = [];
  const messages: Record<string, MessageFields> = {};
  const homes = new Map<string, string>();
  for (const file of files) {
    const scope = { file: file.path, group: file.group, names, problems };
    for (const name of file.root.at('definitions')?.keys() ?? []) {
      const source = file.root.at('definitions')!.at(name)!;
      const id = `${file.group}.${name}`;
      const home = homes.get(id);
      if (home)
        problems.add(
          file.path,
          source.line,
          source.pointer,
          `${name} is defined in ${home} too`,
          'a group version has one definition of a name',
        );
      homes.set(id, file.path);
      definitions[id] = readSchema(source, scope);
    }
    if (file.root.at('kind'))
      declared.push({ descriptor: readKind(file.root, scope), root: file.root, scope });
    else if (file.root.at('groups')) groups.push(...readGroups(file.root, scope));
    else if (file.root.at('messages')) Object.assign(messages, readMessages(file.root, scope));
    else complainOfOtherKeys(file, problems);
  }
  const kinds = settleVersions(declared).sort(byGroupVersionKind);
  problems.throwIfAny();
  return {
    definitions,
    kinds,
    ...(groups.length > 0 ? { groups } : {}),
    ...(Object.keys(messages).length > 0 ? { messages } : {}),
  };
}

/** A file without a kind holds definitions only: another key is a kind's, whose name is mistyped. */
function complainOfOtherKeys({ path, root }: SchemaFile, problems: Problems): void {
  for (const key of root.keys().filter((each) => each !== 'definitions'))
    problems.add(
      path,
      root.at(key)!.line,
      `/${key}`,
      `${key} belongs to a kind, and the file declares none`,
      'write kind: …, or definitions only',
    );
}

function byGroupVersionKind(a: KindDescriptor, b: KindDescriptor): number {
  const key = (kind: KindDescriptor): string => `${kind.group}/${kind.version}/${kind.kind}`;
  return key(a) < key(b) ? -1 : 1;
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

function readFile(folder: string, path: string, problems: Problems): SchemaFile {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(join(folder, path), 'utf8'), {
    lineCounter: lines,
    prettyErrors: false,
  });
  const place = (offset: number): number => lines.linePos(offset).line;
  for (const error of document.errors)
    problems.add(path, place(error.pos[0]), '', error.message, 'correct the YAML');
  return {
    path,
    group: path.split('/').slice(0, -1).join('/'),
    root: sourceNode(document, document.contents, '', place),
  };
}

function sourceNode(
  document: Document,
  node: Node | null,
  pointer: string,
  place: (offset: number) => number,
  line = 1,
): SourceNode {
  return {
    node,
    pointer,
    line: node?.range ? place(node.range[0]) : line,
    value: node === null ? undefined : node.toJS(document),
    isMap: isMap(node),
    at(key) {
      const pair = mapPairs(node).find((item) => keyOf(item) === key);
      if (!pair) return undefined;
      const { range } = pair.key as Node;
      const step = key.replaceAll('~', '~0').replaceAll('/', '~1');
      const keyLine = range ? place(range[0]) : line;
      const value = pair.value as Node | null;
      return sourceNode(document, value, `${pointer}/${step}`, place, keyLine);
    },
    keys: () => mapPairs(node).map(keyOf),
  };
}

function mapPairs(node: Node | null | undefined): Pair[] {
  return isMap(node) ? node.items.filter(({ key }) => isScalar(key)) : [];
}

const keyOf = (pair: Pair): string => String((pair.key as { value: unknown }).value);

function definitionNames({ path, root }: SchemaFile): string[] {
  return (root.at('definitions')?.keys() ?? []).map((name) => `${path}#/definitions/${name}`);
}
