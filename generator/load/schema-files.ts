import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { KindDescriptor, Schema, SchemaSet } from '../model/schema.ts';
import { readKind } from './kind.ts';
import { Problems } from './problems.ts';
import { readSchema, type SourceNode } from './schema.ts';

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
  const kinds: KindDescriptor[] = [];
  for (const file of files) {
    const scope = { file: file.path, group: file.group, names, problems };
    for (const pair of mapPairs(file.root.at('definitions')?.node)) {
      const name = String((pair.key as { value: unknown }).value);
      const source = file.root.at('definitions')!.at(name)!;
      definitions[`${file.group}.${name}`] = readSchema(source, scope);
    }
    if (file.root.at('kind')) kinds.push(readKind(file.root, scope));
  }
  problems.throwIfAny();
  return { definitions, kinds: kinds.sort(byGroupVersionKind) };
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
): SourceNode {
  return {
    node,
    pointer,
    line: node?.range ? place(node.range[0]) : 1,
    value: node === null ? undefined : node.toJS(document),
    at(key) {
      if (!isMap(node)) return undefined;
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      return pair && sourceNode(document, pair.value as Node | null, `${pointer}/${key}`, place);
    },
    keys: () => mapPairs(node).map((pair) => String((pair.key as { value: unknown }).value)),
  };
}

function mapPairs(node: Node | null | undefined): Pair[] {
  return isMap(node) ? node.items : [];
}

function definitionNames({ path, root }: SchemaFile): string[] {
  return (root.at('definitions')?.keys() ?? []).map((name) => `${path}#/definitions/${name}`);
}
