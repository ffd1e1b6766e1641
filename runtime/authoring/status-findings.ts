import type { FieldProblem } from '../../generator/model/index.ts';
import type { ApiError, KubeObject, Status } from '../meta/index.ts';
import { changedField, writtenField } from './changed-field.ts';
import type { Finding, ManifestResource, SourceRange } from './contract.ts';
import { lastName, withDottedKeys } from './field-path.ts';
import { finding } from './findings.ts';
import type { KnownKind } from './kinds.ts';
import { LocatedResource, labelOf } from './located-resource.ts';
import { isWordable, wordProblem } from './schema-findings.ts';
import { kinds } from './served-kinds.ts';

/**
 * What a server's refusal of `resource` says to its author: one finding a cause, at the field it names; the Status' message at
 * the resource when it gives no causes. With the manifest that was applied before, what must not change is marked at what did.
 */
export function findingForStatus(
  resource: ManifestResource,
  error: ApiError,
  before?: KubeObject,
): Finding[] {
  const object = labelOf(resource.object);
  const causes = error.causes.filter(({ field, message }) => field || message);
  const space = missingNamespace(error.status);
  if (space !== undefined) return [noNamespace(resource, space)];
  if (causes.length === 0)
    return [finding('E_MANIFEST_REFUSED', error.message, { object, range: resource.range })];
  return causes.map(({ field: path = '', message = error.message, reason = '' }) => {
    const field = writtenField(resource.object, path.replace(/^\./, ''));
    const narrowed = (whole: string): string =>
      before ? changedField(resource.object, before, whole, message) : whole;
    const known = knownKind(resource);
    if (known && field !== '' && isWordable(reason)) {
      const problem: FieldProblem = { field, reason, message };
      const worded = wordProblem(problem, known.kind, resource.object, known.interpreter);
      const { code, help } = worded;
      const fieldPath = narrowed(worded.fieldPath);
      const range = rangeFor(resource, fieldPath, worded.isAboutName);
      return finding(code, worded.message, { object, fieldPath, range, help });
    }
    const at = field === '' ? {} : { fieldPath: narrowed(field) };
    const range = at.fieldPath === undefined ? resource.range : resource.rangeOf(at.fieldPath);
    const absent = /^Not found: (.*)$/s.exec(message)?.[1];
    const text =
      absent && field ? `\`${lastName(field)}\` names ${absent}, which is not there` : message;
    return finding('E_MANIFEST_REFUSED', text, { object, range, ...at });
  });
}

/** Fields of an applied resource that somebody else had set otherwise: a warning each, at the value that wins. */
export function findingsForTaken(resource: ManifestResource, { details }: Status): Finding[] {
  const object = labelOf(resource.object);
  return (details?.causes ?? []).map(({ field = '', message = '' }) => {
    const fieldPath = withDottedKeys(resource.object, field.replace(/^\./, ''));
    const who = message.replace(/^conflict with /, '');
    const text = `\`${lastName(fieldPath)}\` is also set by ${who}: the manifest's value takes its place`;
    const range = resource.rangeOf(fieldPath);
    return {
      ...finding('E_MANIFEST_TAKEN', text, { object, fieldPath, range }),
      severity: 'warning',
    };
  });
}

/** The namespace that an object is in and that does not exist. */
function missingNamespace({ code, details }: Status): string | undefined {
  return code === 404 && details?.kind === 'namespaces' ? details.name : undefined;
}

function noNamespace(resource: ManifestResource, name: string): Finding {
  const fieldPath = 'metadata.namespace';
  return finding('E_MANIFEST_REFUSED', `there is no namespace ${JSON.stringify(name)}`, {
    object: labelOf(resource.object),
    fieldPath,
    range: resource.rangeOf(fieldPath),
    help: 'export a Namespace of this name, or name another',
  });
}

function knownKind(resource: ManifestResource): KnownKind | undefined {
  if (resource instanceof LocatedResource) return resource;
  const { apiVersion, kind } = resource.object;
  return kinds().known(apiVersion, kind);
}

function rangeFor(resource: ManifestResource, field: string, byName: boolean): SourceRange {
  if (byName && resource instanceof LocatedResource) return resource.locate(field).name;
  return resource.rangeOf(field);
}
