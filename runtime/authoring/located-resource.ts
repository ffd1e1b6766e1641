import type { Interpreter, KindDescriptor } from '../../generator/model/index.ts';
import { type KubeObject, keyOf, type ObjectMeta } from '../meta/index.ts';
import type { ManifestResource, SourceRange } from './contract.ts';
import type { KnownKind } from './kinds.ts';
import type { Located, Positions } from './positions.ts';

/** A resource with all that is known of where its fields are written. */
export class LocatedResource implements ManifestResource {
  readonly object: KubeObject;
  readonly ref: ManifestResource['ref'];
  readonly range: SourceRange;
  readonly kind: KindDescriptor;
  readonly interpreter: Interpreter;
  readonly positions: Positions;

  constructor(
    object: KubeObject,
    { kind, interpreter }: KnownKind,
    range: SourceRange,
    positions: Positions,
  ) {
    this.object = object;
    this.kind = kind;
    this.interpreter = interpreter;
    this.range = range;
    this.positions = positions;
    const { group, version, plural, namespaced } = kind;
    this.ref = { group, version, resource: plural, kind: kind.kind, namespaced };
  }

  get key(): string {
    return keyOf(this.object);
  }

  /** `shop › Deployment/web` */
  get label(): string {
    return labelOf(this.object);
  }

  rangeOf(fieldPath: string): SourceRange {
    return this.positions.writtenAt(this.locate(fieldPath));
  }

  locate(fieldPath: string): Located {
    return this.positions.locate(this.object, fieldPath, this.range);
  }
}

/** `shop › Deployment/web`; without the namespace where there is none. */
export function labelOf({ kind, metadata }: Partial<KubeObject>): string {
  const { name, generateName, namespace } = (metadata ?? {}) as ObjectMeta;
  const own = name ?? (generateName ? `${generateName}…` : '(no name)');
  return namespace ? `${namespace} › ${kind}/${own}` : `${kind}/${own}`;
}
