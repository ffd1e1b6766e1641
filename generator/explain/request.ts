import type { KindDescriptor, SchemaSet } from '../model/schema.ts';
import { ExplainError } from './explain-error.ts';

interface Target {
  readonly kind: KindDescriptor;
  readonly path: readonly string[];
}

/**
 * Which kind and which field `deploy.spec.strategy` asks for. A resource may be named by its plural, singular, short name or
 * kind; the plural may carry its group, `deployments.apps.spec`. `apiVersion` replaces the preferred group version.
 */
export function resolveRequest(
  set: SchemaSet,
  type: string,
  apiVersion: string | undefined,
  output: string,
): Target {
  const [resource = '', ...path] = fieldNodes(type, apiVersion ? 'all nodes' : 'first node');
  const candidates = set.kinds
    .filter((kind) => isNamed(kind, resource))
    .sort((a, b) => priority(a, b));
  const [preferred] = candidates;
  if (!preferred)
    throw new ExplainError(`the server doesn't have a resource type ${JSON.stringify(resource)}`);
  if (apiVersion) return { kind: kindOf(set, preferred, apiVersion, output), path };
  const qualified = candidates
    .map((kind) => ({ kind, prefix: resourceId(kind) }))
    .filter(({ prefix }) => type === prefix || type.startsWith(`${prefix}.`))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (!qualified) return { kind: preferred, path };
  const rest = type.slice(qualified.prefix.length);
  return { kind: qualified.kind, path: rest === '' ? [] : fieldNodes(rest.slice(1), 'first node') };
}

/** The steps of a path of plain field names; `which` of them kubectl complains of depends on how it was asked. */
function fieldNodes(text: string, which: 'first node' | 'all nodes'): string[] {
  const steps = text.split('.').filter((step) => step !== '');
  if (steps.some((step) => /[[\]{}*?@()'"\s]/.test(step)))
    throw new ExplainError(
      `invalid jsonpath syntax, ${which} must be field node${which === 'all nodes' ? 's' : ''}`,
    );
  return steps;
}

/** Kinds and resources are taken in any case, short names as they are. */
function isNamed({ plural, singular, shortNames }: KindDescriptor, name: string): boolean {
  return [plural, singular].includes(name.toLowerCase()) || shortNames.includes(name);
}

function resourceId({ plural, group }: KindDescriptor): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function kindOf(
  set: SchemaSet,
  preferred: KindDescriptor,
  apiVersion: string,
  output: string,
): KindDescriptor {
  const parts = apiVersion.split('/');
  if (parts.length > 2) throw new ExplainError(`unexpected GroupVersion string: ${apiVersion}`);
  const [version = '', group = ''] = parts.reverse();
  const served = set.kinds.filter((kind) => kind.group === group && kind.version === version);
  const found = served.find(({ plural }) => plural === preferred.plural);
  if (found) return found;
  if (output === 'plaintext-openapiv2')
    throw new ExplainError(
      `couldn't find resource for "${group}/${version}, Kind=${preferred.kind}"`,
    );
  const resource = `${group}/${version}, Resource=${preferred.plural}`;
  throw new ExplainError(
    served.length === 0
      ? `couldn't find resource for "${resource}"`
      : `GVR (${resource}) not found in OpenAPI schema`,
  );
}

/** Core before groups, and of a group's versions the most mature and then the newest first. */
function priority(a: KindDescriptor, b: KindDescriptor): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  const [left, right] = [rankOf(a.version), rankOf(b.version)];
  const at = left.findIndex((each, index) => each !== right[index]);
  return at < 0 ? 0 : right[at]! - left[at]!;
}

/** `v2` over `v1`, that over `v1beta2`, that over `v1beta1` and `v1alpha1`. */
function rankOf(version: string): readonly number[] {
  const [, major = '0', stage, minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  const maturity = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return [maturity, Number(major), Number(minor)];
}
