import type { KindDescriptor } from '../../../generator/model/index.ts';
import { jsonCell, type KubeObject, tableColumns, tableRow } from '../../meta/index.ts';
import { type MediaRange, matches, parseAccept } from '../accept.ts';

export type Encoding = 'json' | 'yaml' | 'protobuf';

/** In which form a client wants objects. */
export interface Form {
  readonly encoding: Encoding;
  readonly as: 'object' | 'table' | 'metadata';
  readonly contentType: string;
}

const META = 'meta.k8s.io';
const PARTIAL = { PartialObjectMetadata: true, PartialObjectMetadataList: true } as const;

export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  [PROTOBUF_TYPE]: 'protobuf',
};
export const OFFERED: readonly string[] = Object.keys(ENCODINGS);
const STREAM = 'watch';
/** What watches are offered as: YAML has no frames. */
export const STREAMED: readonly string[] = OFFERED.filter((type) => ENCODINGS[type] !== 'yaml').map(
  (type) => `${type};stream=${STREAM}`,
);

/** In which forms a kind can be had. */
export interface Offer {
  readonly speaksProtobuf: boolean;
  /** Whether its objects are rows: reviews, which nobody reads again, are not. */
  readonly hasTable: boolean;
}

const EVERYTHING: Offer = { speaksProtobuf: true, hasTable: true };

/**
 * The best form that the Accept header asks for and that there is; undefined when there is none. Metadata can be had in protobuf of
 * everything, an object only where its kind `speaksProtobuf`, a table never.
 */
export function formOf(accept: string | undefined, offer = EVERYTHING): Form | undefined {
  for (const range of parseAccept(accept))
    for (const contentType of OFFERED.filter((each) => matches(range, each))) {
      const form = formAs(contentType, range.parameters, offer);
      if (form) return form;
    }
  return undefined;
}

function formAs(
  contentType: string,
  { as, g, v, stream }: MediaRange['parameters'],
  { speaksProtobuf, hasTable }: Offer,
): Form | undefined {
  const encoding = ENCODINGS[contentType]!;
  if (stream && (stream !== STREAM || encoding === 'yaml')) return undefined;
  const isText = encoding !== 'protobuf';
  if (as === undefined)
    return isText || speaksProtobuf ? { encoding, as: 'object', contentType } : undefined;
  if (g !== META || v !== 'v1') return undefined;
  if (as === 'Table')
    return isText && hasTable ? { encoding, as: 'table', contentType } : undefined;
  return as in PARTIAL ? { encoding, as: 'metadata', contentType } : undefined;
}

/** The metadata of an object and nothing else. */
export function metadataOf({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `${META}/v1`, metadata };
}

interface List {
  readonly metadata: object;
  readonly items: readonly KubeObject[];
}

export const isList = (object: object): object is List =>
  'items' in object && Array.isArray(object.items);

const plainItems = new WeakMap<KubeObject, object>();

/** The list as it is sent: its own kind says what its items are, so that they do not. */
export function withPlainItems(list: List): List {
  const items = list.items.map((item) => {
    let plain = plainItems.get(item);
    if (!plain) {
      const { apiVersion: _, kind: __, ...rest } = item;
      plain = rest;
      plainItems.set(item, plain);
    }
    return plain as KubeObject;
  });
  return { ...list, items };
}

export function metadataList({ metadata, items }: List): object {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `${META}/v1`,
    metadata,
    items: items.map(metadataOf),
  };
}

export interface TableOptions {
  readonly nowMs: number;
  /** What a row carries of its object: `None`, `Metadata` or `Object`. */
  readonly includeObject: string;
  /** Without its columns, which the first table of a watch has told. */
  readonly isFollowing?: boolean;
}

/** The table that `kubectl get` prints of one object or a list. */
export function tableOf(
  descriptor: KindDescriptor,
  object: KubeObject | List,
  { nowMs, includeObject, isFollowing = false }: TableOptions,
): object {
  const columns = tableColumns(descriptor);
  const items = isList(object) ? object.items : [object as KubeObject];
  const { resourceVersion } = (object as KubeObject).metadata;
  const metadata = isList(object) ? object.metadata : { resourceVersion };
  const definitions = columns.map(({ name, type, format, description, priority, value }) => ({
    name,
    type: type === 'date' && value !== undefined ? 'string' : type,
    format: format ?? '',
    description: description ?? '',
    priority: priority ?? 0,
  }));
  return {
    kind: 'Table',
    apiVersion: `${META}/v1`,
    metadata,
    columnDefinitions: isFollowing ? null : definitions,
    rows: items.map((item) => ({
      cells: tableRow(descriptor, item, nowMs, columns).map((cell, at) => {
        const column = columns[at]!;
        if (column.jsonPath !== undefined) return jsonCell(column, item, nowMs);
        return column.type === 'integer' && /^-?\d+$/.test(cell) ? Number(cell) : cell;
      }),
      object: carried(item, includeObject),
    })),
  };
}

function carried(item: KubeObject, includeObject: string): unknown {
  if (includeObject === 'None') return null;
  return includeObject === 'Object' ? item : metadataOf(item);
}
