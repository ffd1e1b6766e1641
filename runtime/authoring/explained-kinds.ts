import type { CustomResourceDefinition } from '../../generated/apiextensions/v1/types.ts';
import {
  type JsonSchema,
  type KindDescriptor,
  type Schema,
  type SchemaSet,
  toSchema,
  valuesOf,
} from '../../generator/model/index.ts';
import { customKind } from '../meta/index.ts';

/** What explain has to know of kinds: schemas, and texts by definition and path. */
export interface Explained {
  readonly set: SchemaSet;
  readonly docs: Readonly<Record<string, string>>;
}

/** With the kinds that definitions add, and what their schemas say of fields. */
export function withDefinitions(
  { set, docs }: Explained,
  definitions: readonly CustomResourceDefinition[],
): Explained {
  const kinds: KindDescriptor[] = [];
  const schemas: Record<string, Schema> = {};
  const texts: Record<string, string> = {};
  for (const definition of definitions)
    for (const version of definition.spec?.versions ?? []) {
      if (!version.served) continue;
      const kind = customKind(definition, version);
      const json = (version.schema?.openAPIV3Schema ?? {}) as JsonSchema;
      kinds.push(kind);
      schemas[kind.schema] = described(json, toSchema(json, true), kind.schema, texts);
      for (const field of ['apiVersion', 'kind', 'metadata'])
        texts[`${kind.schema}.${field}`] = docs[`${LIKE_ALL}.${field}`] ?? '';
    }
  return {
    set: {
      ...set,
      kinds: [...set.kinds, ...kinds],
      definitions: { ...set.definitions, ...schemas },
    },
    docs: { ...docs, ...texts },
  };
}

/** What every object has is said of this kind as of any other. */
const LIKE_ALL = 'core/v1.ConfigMap';

/** The schema with what readers are told beside types: choices, required fields, and texts, which go to `texts`. */
function described(
  json: JsonSchema,
  schema: Schema,
  at: string,
  texts: Record<string, string>,
): Schema {
  if (json.description) texts[at] = json.description;
  const { properties = {}, items, values } = schema;
  const jsonValues = valuesOf(json);
  const fields = Object.entries(properties).map(([name, each]) => {
    const own = json.properties?.[name];
    return [name, own && !each.ref ? described(own, each, `${at}.${name}`, texts) : each] as const;
  });
  const choices = json.enum?.filter((each) => typeof each === 'string');
  return {
    ...schema,
    ...(fields.length > 0 ? { properties: Object.fromEntries(fields) } : {}),
    ...(items && json.items ? { items: described(json.items, items, `${at}[]`, texts) } : {}),
    ...(values && jsonValues ? { values: described(jsonValues, values, `${at}{}`, texts) } : {}),
    ...(json.required ? { required: json.required } : {}),
    ...(choices?.length ? { enum: choices } : {}),
  };
}
