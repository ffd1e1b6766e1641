import { type ApiRequest, parseFieldSelector } from '../../meta/index.ts';

/** What somebody wants to do: with a resource, or with a path that is none. */
export type Access = ResourceAccess | PathAccess;

export interface ResourceAccess {
  /** `get`, `list`, `watch`, `create`, …, `deletecollection`, or one of a resource's own such as `bind`. */
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** Absent for what is in no namespace and for all namespaces at once. */
  readonly namespace?: string | undefined;
  /** Absent for what is about no particular object. */
  readonly name?: string | undefined;
  /** What a list or a watch is narrowed to: values by field that must be equal. */
  readonly fieldSelector?: Readonly<Record<string, string>>;
}

export interface PathAccess {
  /** HTTP method in small letters. */
  readonly verb: string;
  readonly path: string;
}

export const isPathAccess = (access: Access): access is PathAccess => 'path' in access;

/** What a request is about. One that watches says so by itself, with the verb `watch`. */
export function accessOf({
  verb,
  resource,
  subresource,
  namespace,
  name,
  options,
}: ApiRequest): ResourceAccess {
  const { group, resource: plural } = resource;
  const access = { verb, group, resource: plural, subresource, namespace, name };
  const fieldSelector = exactFields(options?.fieldSelector);
  return fieldSelector ? { ...access, fieldSelector } : access;
}

/** The conditions of a field selector that say `equal`; whoever reads the request complains of one that is none. */
function exactFields(text: string | undefined): Readonly<Record<string, string>> | undefined {
  if (!text) return undefined;
  try {
    const terms = parseFieldSelector(text).filter(({ equal }) => equal);
    return Object.fromEntries(terms.map(({ path, value }) => [path, value]));
  } catch {
    return undefined;
  }
}

/** Whether something is allowed. Nothing is ever denied outright: what nobody allows is refused. */
export interface Decision {
  readonly allowed: boolean;
  /** What the decision rests on, or what went wrong on the way to it. */
  readonly reason: string;
}

/** `pods/log`: how rules name a subresource. */
export function resourceText({ resource, subresource }: ResourceAccess): string {
  return subresource ? `${resource}/${subresource}` : resource;
}
