import type { Finding, SourceRange } from './contract.ts';
import type { LocatedResource } from './located-resource.ts';
import { type Assembled, placeKey } from './resources.ts';

/** Fields that are looked at to find which one a type error is about. */
const FIELDS_MAX = 20_000;
/** Type errors that get the name of their field. */
const NAMED_MAX = 20;

/** What the compiler says of values, and the schemas may say better. */
const OF_TYPES = new Set(['E_MANIFEST_TYPE', 'E_MANIFEST_UNKNOWN_FIELD', 'E_MANIFEST_REQUIRED']);

interface Parts {
  readonly compiler: readonly Finding[];
  readonly evaluation: readonly Finding[];
  readonly schema: Assembled;
}

/**
 * All findings of a check, each mistake once. Where the compiler and the schemas mean the same place, the schemas' words stay: they
 * know the field; and an import that the compiler missed is not reported again when it fails.
 */
export function mergeFindings({ compiler, evaluation, schema }: Parts): Finding[] {
  const covered = new Set(schema.findings.flatMap(({ places }) => places));
  const deadImports = new Set(compiler.filter(isImport).map(({ range }) => range?.file));
  const types = compiler.filter(
    ({ code, range }) => !OF_TYPES.has(code) || !range || !covered.has(placeKey(range)),
  );
  return [
    ...withFields(types, schema.resources),
    ...evaluation.filter((each) => !isImport(each) || !deadImports.has(each.range?.file)),
    ...schema.findings.map(({ finding }) => finding),
  ];
}

const isImport = ({ code }: Finding): boolean => code === 'E_MANIFEST_IMPORT';

/** Names the object and field that a type error is about, when it stands in one. */
function withFields(
  findings: readonly Finding[],
  resources: readonly LocatedResource[],
): readonly Finding[] {
  const wanted = findings.filter(({ code, range }) => OF_TYPES.has(code) && range);
  const fields = fieldsAround(wanted.slice(0, NAMED_MAX), resources);
  return findings.map((each) => ({ ...each, ...fields.get(each)?.names }));
}

interface Around {
  readonly names: { readonly object: string; readonly fieldPath: string };
  readonly range: SourceRange;
}

/** The innermost field around each finding. */
function fieldsAround(
  findings: readonly Finding[],
  resources: readonly LocatedResource[],
): Map<Finding, Around> {
  const found = new Map<Finding, Around>();
  if (findings.length === 0) return found;
  let left = FIELDS_MAX;
  for (const { positions, object, label } of resources)
    for (const { path, place } of positions.fields(object, left)) {
      left--;
      const names = { object: label, fieldPath: path };
      for (const each of findings)
        for (const range of [place.name, place.value]) {
          const known = found.get(each);
          if (isAround(range, each.range!) && (!known || isAround(known.range, range)))
            found.set(each, { names, range });
        }
    }
  return found;
}

function isAround(outer: SourceRange, inner: SourceRange): boolean {
  if (outer.file !== inner.file) return false;
  const startsBefore =
    outer.line < inner.line || (outer.line === inner.line && outer.column <= inner.column);
  const endsAfter =
    outer.endLine > inner.endLine ||
    (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn);
  return startsBefore && endsAfter;
}
