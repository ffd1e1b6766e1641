import type { ResourceRef } from '../../meta/index.ts';

export interface Place {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

type Query = Readonly<Record<string, string>>;

/** Where the API has a resource, one of its objects or a part of one. */
export function pathOf(
  { group, version, resource }: ResourceRef,
  { namespace, name, subresource }: Place,
  query: Query = {},
): string {
  const steps = [
    ...(group === '' ? ['api'] : ['apis', group]),
    version,
    ...(namespace ? ['namespaces', namespace] : []),
    resource,
    ...(name ? [name] : []),
    ...(subresource ? subresource.split('/') : []),
  ];
  const text = new URLSearchParams(query).toString();
  return `/${steps.map(encodeURIComponent).join('/')}${text && `?${text}`}`;
}
