import type { KindDescriptor, SchemaSet } from '../../../generator/model/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { type ServedKind, serveKind } from '../kind.ts';
import { strategyOf } from '../strategies/index.ts';
import { type Conversion, conversionOf } from './conversion.ts';

/** A version in which a kind is served, but not stored. */
export interface ServedVersion {
  /** The kind as its clients see it: names, schema, what may be selected by. Its cache is not used. */
  readonly face: ServedKind;
  readonly conversion: Conversion;
}

/** A stored object, as whoever the kind is served to sees it. */
export function seenAs({ version, custom }: ServedKind, object: KubeObject): KubeObject {
  if (custom) return custom.seen(object);
  return version ? version.conversion.fromStorage(object) : object;
}

/**
 * The stored kind as requests for another version of it are answered: its schema and cache, under the names of that version, which
 * `version` holds. Its strategy too, unless the group of the version has one of its own, which sees stored objects all the same.
 */
export function serveVersion(
  schemas: SchemaSet,
  stored: ServedKind,
  descriptor: KindDescriptor,
): ServedKind {
  const face = serveKind(schemas, descriptor);
  const { group, version, plural, verbs, subresources, selectableFields } = descriptor;
  const conversion = conversionOf(descriptor.kind, face.apiVersion, stored.apiVersion);
  return {
    ...stored,
    strategy: strategyOf(face.id, stored.strategy),
    descriptor: {
      ...stored.descriptor,
      ...{ group, version, plural, verbs, subresources, selectableFields },
    },
    version: { face, conversion },
  };
}
