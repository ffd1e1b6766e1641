import {
  badRequest,
  compileSelector,
  type FieldTerm,
  type KubeObject,
  parseFieldSelector,
  type RequestOptions,
  valueAt,
} from '../meta/index.ts';
import { seenAs } from './conversion/index.ts';
import type { ServedKind } from './kind.ts';

const NAME = 'metadata.name';
const NAMESPACE = 'metadata.namespace';

/** Label and field selectors of a request as one function; undefined when there are none. */
export function matcherOf(
  kind: ServedKind,
  { labelSelector, fieldSelector }: RequestOptions,
): ((object: KubeObject) => boolean) | undefined {
  const labels = labelSelector ? compileSelector(labelSelector) : undefined;
  const fields = fieldSelector
    ? fieldTerms(kind, fieldSelector).map((each) => test(kind, each))
    : [];
  if (!labels && fields.length === 0) return undefined;
  return (object) => {
    if (labels && !labels(object.metadata.labels ?? {})) return false;
    if (fields.length === 0) return true;
    const seen = seenAs(kind, object);
    return fields.every((matches) => matches(seen));
  };
}

/**
 * The objects among which those that a request selects are, as they are now: one, those of a namespace, those that an index has
 * under the value of a field, or all there are.
 */
export function candidates(
  kind: ServedKind,
  namespace: string | undefined,
  { fieldSelector }: RequestOptions,
): readonly KubeObject[] {
  const { cache, descriptor } = kind;
  if (!fieldSelector) return cache.list(namespace);
  const wanted = new Map(
    fieldTerms(kind, fieldSelector).flatMap(({ path, value, equal }): [string, string][] =>
      equal ? [[path, value]] : [],
    ),
  );
  const within = namespace ?? wanted.get(NAMESPACE);
  const name = wanted.get(NAME);
  if (name !== undefined && (within !== undefined || !descriptor.namespaced)) {
    const row = cache.row(descriptor.namespaced ? `${within}/${name}` : name);
    return row ? [row.object] : [];
  }
  for (const [path, value] of wanted)
    if (value !== '' && cache.hasIndex(path)) {
      const found = cache.byIndex(path, value);
      if (namespace === undefined) return found;
      return found.filter(({ metadata }) => metadata.namespace === namespace);
    }
  return cache.list(within === '' ? undefined : within);
}

function fieldTerms(kind: ServedKind, selector: string): readonly FieldTerm[] {
  const terms = parseFieldSelector(selector);
  for (const { path } of terms) if (!isSelectable(kind, path)) throw notSelectable(kind, path);
  return terms;
}

function test(kind: ServedKind, { path, value, equal }: FieldTerm): (seen: KubeObject) => boolean {
  const own = kind.strategy.fieldValues?.[path];
  const absent = own ? '' : zeroOf(kind, path);
  const read = own ?? ((seen: KubeObject) => text(valueAt(seen, path), absent));
  return (seen) => (read(seen) === value) === equal;
}

/** What an absent field counts as: the zero value of its type. */
function zeroOf(kind: ServedKind, path: string): string {
  const { interpreter, descriptor } = kind.version?.face ?? kind;
  const type = interpreter.schemaAt(descriptor.schema, path.split('.'))?.type;
  if (type === 'boolean') return 'false';
  return type === 'integer' ? '0' : '';
}

function text(value: unknown, absent: string): string {
  return value === undefined || value === null ? absent : String(value);
}

/** Fields by which the kind's objects can be selected, beside those that all have. */
const ownFields = ({ descriptor, strategy }: ServedKind): readonly string[] => [
  ...descriptor.selectableFields,
  ...Object.keys(strategy.fieldValues ?? {}),
];

function isSelectable(kind: ServedKind, path: string): boolean {
  if (path === NAME) return true;
  const own = ownFields(kind);
  if (path === NAMESPACE) return kind.descriptor.namespaced || own.length === 0;
  return own.includes(path);
}

function notSelectable(kind: ServedKind, path: string): Error {
  const { unknownField } = kind.strategy;
  if (unknownField) return badRequest(unknownField(path));
  if (ownFields(kind).length > 0) return badRequest(`field label not supported: ${path}`);
  return badRequest(
    `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}
