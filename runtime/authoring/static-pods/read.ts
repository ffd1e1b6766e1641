import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import type { KubeObject } from '../../meta/index.ts';
import type { Finding, ManifestResource, SourceRange } from '../contract.ts';
import { keyFor, parseFieldPath } from '../field-path.ts';
import { finding } from '../findings.ts';
import { kinds } from '../served-kinds.ts';

/** A pod of a file, which knows where its fields are written. */
export interface WrittenPod extends ManifestResource {
  /** Where the name of a field is written. */
  nameRangeOf(fieldPath: string): SourceRange;
}

export interface FileRead {
  readonly pods: readonly WrittenPod[];
  readonly findings: readonly Finding[];
}

const PODS = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true } as const;
const LISTS = ['PodList', 'List'];

/** Reads the text of a file that is shown as `file`. */
export function readPods(file: string, text: string): FileRead {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines }).filter(
    ({ contents, errors }) => contents !== null || errors.length > 0,
  );
  const [document, other] = documents;
  if (!document) return { pods: [], findings: [] };
  const place: Placed = { file, lines, document };
  const fail = (message: string, node?: Node | null, help?: string): FileRead => ({
    pods: [],
    findings: [
      finding('E_MANIFEST_STATIC_POD', message, {
        range: rangeOf(place, node?.range?.[0] ?? 0, node?.range?.[1] ?? 0),
        ...(help ? { help } : {}),
      }),
    ],
  });
  const [error] = document.errors;
  if (error) {
    const [from, until] = error.pos;
    const message = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    const range = rangeOf(place, from, until);
    return { pods: [], findings: [finding('E_MANIFEST_YAML', message, { range })] };
  }
  const { contents } = document;
  if (other)
    return fail(
      'a file of static pods holds one document',
      other.contents,
      'write a file for each pod, or a PodList',
    );
  if (!isMap(contents)) return fail('a static pod is an object', contents);
  const kind = kindOf(contents);
  if (kind === 'Pod') return { pods: [written(contents, place)], findings: [] };
  const items = contents.get('items', true);
  if (!LISTS.includes(String(kind)) || !isSeq(items))
    return fail(
      `a kubelet runs pods; this is ${kind === undefined ? 'of no kind' : `a ${kind}`}`,
      isNode(contents.get('kind', true)) ? (contents.get('kind', true) as Node) : contents,
    );
  const wrong = items.items.find((item) => !isMap(item) || (kindOf(item) ?? 'Pod') !== 'Pod');
  if (wrong) return fail('a list of static pods holds pods and nothing else', wrong as Node);
  return {
    pods: items.items.flatMap((item) => (isMap(item) ? [written(item, place)] : [])),
    findings: [],
  };
}

interface Placed {
  readonly document: Document.Parsed;
  readonly file: string;
  readonly lines: LineCounter;
}

function written(node: Node, place: Placed): WrittenPod {
  const object = { apiVersion: 'v1', kind: 'Pod', ...node.toJS(place.document) } as KubeObject;
  const { namespace = 'default', name = '' } = object.metadata ?? {};
  const whole = nodeRange(place, node);
  return {
    ref: PODS,
    key: `${namespace}/${name}`,
    object,
    range: { ...whole, endLine: whole.line, endColumn: whole.column + 1 },
    rangeOf: (path) => nodeRange(place, locate(place, node, path).value),
    nameRangeOf: (path) => nodeRange(place, locate(place, node, path).name),
  };
}

function kindOf(map: YAMLMap): string | undefined {
  const kind: unknown = map.get('kind');
  return typeof kind === 'string' ? kind : undefined;
}

/** The nodes of a field's name and value, or of its nearest parent that is there. */
function locate(
  place: Placed,
  root: Node,
  path: string,
): { readonly name: Node; readonly value: Node } {
  let name: Node = root;
  let value: Node = root;
  for (const step of parseFieldPath(path)) {
    const key = keyFor(step, value.toJS(place.document) as object);
    if (key === undefined) break;
    if (isMap(value)) {
      const pair = value.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
      if (!pair || !isPair(pair) || !isNode(pair.key)) break;
      name = pair.key;
      value = isNode(pair.value) ? pair.value : pair.key;
    } else if (isSeq(value)) {
      const item = value.items[Number(key)];
      if (!isNode(item)) break;
      name = item;
      value = item;
    } else break;
  }
  return { name, value };
}

function nodeRange(place: Placed, { range }: Node): SourceRange {
  return rangeOf(place, range?.[0] ?? 0, range?.[1] ?? 0);
}

function rangeOf({ file, lines }: Placed, from: number, until: number): SourceRange {
  const start = lines.linePos(from);
  const end = lines.linePos(Math.max(until, from + 1));
  return {
    file,
    line: start.line,
    column: start.col,
    endLine: end.line,
    endColumn: end.col,
  };
}

export const podKind = () => kinds().find('v1', 'Pod')!;
