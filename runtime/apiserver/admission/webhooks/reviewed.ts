import { internalError, isApiError, type KubeObject } from '../../../meta/index.ts';
import { admitBody } from '../../admit.ts';
import { seenAs } from '../../conversion/index.ts';
import type { ServedKind } from '../../kind.ts';
import { scaled, scaleOf } from '../../subresources/scaling.ts';
import { kindAt } from '../connecting.ts';
import type { AdmissionAttributes } from '../plugin.ts';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A version in which a webhook knows what a request is about, and the way there and back. */
export interface Reviewed {
  readonly kind: GroupVersionKind;
  readonly resource: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
  };
  show(object: KubeObject): KubeObject;
  /** An object that was shown and then patched, in the form in which admission has it. `before` is what admission has now. */
  take(patched: KubeObject, before: KubeObject): KubeObject;
}

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** What a request of `attributes` is about in the version of `seen`, the same resource in any of its versions. */
export function reviewedIn(seen: ServedKind, attributes: AdmissionAttributes): Reviewed {
  const { kind: own, subresource, said, operation, request } = attributes;
  const { group, version, kind, plural } = (seen.version?.face ?? seen).descriptor;
  const resource = { group, version, resource: plural };
  if (said) return { kind: said, resource, show: same, take: same };
  const made = operation === 'CREATE' ? kindAt(own, subresource) : undefined;
  if (made) return { kind: made, resource, show: () => typedAs(made, request?.body), take: same };
  if (subresource === 'scale')
    return {
      kind: SCALE,
      resource,
      show: (object) => scaleOf(own, object),
      take: (patched, before) => scaled(own, patched, before),
    };
  return {
    kind: { group, version, kind },
    resource,
    show: (object) => seenAs(seen, object),
    take: (patched) => back(own, seen, decoded(seen, patched)),
  };
}

const same = (object: KubeObject): KubeObject => object;

function typedAs({ group, version, kind }: GroupVersionKind, body: unknown): KubeObject {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { ...(body as KubeObject), kind, apiVersion };
}

/** Completed with defaults; what the kind does not know is dropped. */
function decoded(seen: ServedKind, patched: KubeObject): KubeObject {
  const kind = seen.version?.face ?? seen;
  const decoding = {
    verb: 'update',
    options: { fieldValidation: 'Ignore' },
    body: patched,
  } as const;
  try {
    return admitBody(kind, patched, decoding).object;
  } catch (error) {
    if (!isApiError(error)) throw error;
    throw internalError(error.message.replace(/^.* cannot be handled as an? [^:]*: /, ''));
  }
}

function back(own: ServedKind, seen: ServedKind, object: KubeObject): KubeObject {
  if (own.custom) return own.custom.seen(object);
  return seen.version ? seen.version.conversion.toStorage(object) : object;
}
