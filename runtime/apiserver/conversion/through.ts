import type { ApiRequest, ApiResponse, KubeObject } from '../../meta/index.ts';
import { type Awaitable, andThen } from '../../storage/index.ts';
import { admitBody } from '../admit.ts';
import { bodyOf } from '../create.ts';
import { alsoOwned } from '../dry-run.ts';
import type { ServedKind } from '../kind.ts';
import type { ServedVersion } from './served-version.ts';

/**
 * Answers a request for a version that is not the stored one: what is sent is decoded, defaulted and brought into the storage
 * version, `answer` does the rest, and what it answers is shown in the version asked for. Patches are left to `answer`, which has
 * the object that they apply to.
 */
export function through(
  kind: ServedKind,
  version: ServedVersion,
  request: ApiRequest,
  answer: (request: ApiRequest) => Awaitable<ApiResponse>,
): Awaitable<ApiResponse> {
  const { request: asked, warnings } = inStorage(kind, version, request);
  return andThen(answer(asked), (response) => {
    const object = shown(response.object, version);
    const all = [...warnings, ...(response.warnings ?? [])];
    return { ...response, object, ...(all.length > 0 ? { warnings: all } : {}) };
  });
}

/** Nobody vouches for a body that has been through a conversion. */
function inStorage(
  kind: ServedKind,
  { face, conversion }: ServedVersion,
  { vouched: _, ...request }: ApiRequest,
): { request: ApiRequest; warnings: readonly string[] } {
  const { verb, subresource } = request;
  if ((verb !== 'create' && verb !== 'update') || !takesOwnKind(kind, subresource))
    return { request, warnings: [] };
  const { object, warnings } = admitBody(face, bodyOf(face, request), request);
  const { notes: __, ...rest } = request;
  return { request: { ...rest, body: conversion.toStorage(object) }, warnings };
}

/** Whether what is sent to the subresource is an object of the kind itself, and no Scale or Eviction. */
function takesOwnKind({ descriptor }: ServedKind, subresource: string | undefined): boolean {
  if (subresource === undefined || subresource === 'status') return true;
  return descriptor.subresources.others?.[subresource]?.kind === descriptor.kind;
}

interface List extends KubeObject {
  readonly items: readonly KubeObject[];
}

/** Objects of the kind in the other version, on their own or in a list; what else is answered stays as it is. */
function shown(object: KubeObject, { face, conversion }: ServedVersion): KubeObject {
  const { kind } = face.descriptor;
  if (object.kind === kind) return alsoOwned(object, conversion.fromStorage(object));
  if (object.kind !== `${kind}List`) return object;
  const items = (object as List).items.map((item) => conversion.fromStorage(item));
  return { ...object, apiVersion: face.apiVersion, items } as List;
}
