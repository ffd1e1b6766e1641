import { schemaDocs } from '../../../generated/registry.ts';
import type { SchemaSet } from '../../../generator/model/schema.ts';
import { type ApiGroup, apiGroups } from '../discovery/groups.ts';
import { type GroupVersionKind, splitApiVersion } from '../discovery/resources.ts';
import { Definitions } from './definitions.ts';
import { type Dialect, type Naming, namingOf } from './names.ts';

/** What all documents of one schema set are made from. */
export interface World {
  readonly schemas: SchemaSet;
  readonly groups: readonly ApiGroup[];
  readonly nameOf: Naming;
  /** The text of a definition or field, `core/v1.PodSpec.containers`. */
  textAt(place: string): string | undefined;
  /** The kinds that objects of a definition have. */
  kindsOf(definition: string): readonly GroupVersionKind[];
  /** What all documents of a dialect share. */
  definitions(dialect: Dialect): Definitions;
}

const SHARED = 'meta/';

export function worldOf(schemas: SchemaSet): World {
  const kinds = new Map<string, GroupVersionKind[]>();
  for (const { schema, group, version, kind } of schemas.kinds)
    kinds.set(schema, [...(kinds.get(schema) ?? []), { group, version, kind }]);
  const docs = schemaDocs();
  const definitions = new Map<Dialect, Definitions>();
  const world: World = {
    schemas,
    groups: apiGroups(schemas),
    nameOf: namingOf(schemas),
    textAt: (place) => docs[place],
    kindsOf: (name) => kinds.get(name) ?? headOf(schemas, name),
    definitions(dialect) {
      const found = definitions.get(dialect) ?? new Definitions(world, dialect);
      definitions.set(dialect, found);
      return found;
    },
  };
  return world;
}

/** The kind of a definition that no resource has but whose objects say what they are: Scale, Eviction, Status. */
function headOf(schemas: SchemaSet, name: string): GroupVersionKind[] {
  const { apiVersion, kind, metadata } = schemas.definitions[name]?.properties ?? {};
  if (!apiVersion || !kind) return [];
  const ownName = name.slice(name.indexOf('.') + 1);
  const ownVersion = name.slice(name.indexOf('/') + 1, name.indexOf('.'));
  const isShared = name.startsWith(SHARED) && metadata !== undefined;
  const [said = isShared ? ownVersion : undefined] = apiVersion.enum ?? [];
  return said === undefined ? [] : [{ ...splitApiVersion(said), kind: kind.enum?.[0] ?? ownName }];
}
