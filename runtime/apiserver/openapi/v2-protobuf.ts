import type { Json } from './definitions.ts';
import {
  bool,
  type Codec,
  double,
  encode,
  type Field,
  int64,
  listOf,
  listOfOne,
  mapOf,
  message,
  named,
  oneOf,
  text,
} from './protobuf.ts';

/**
 * The protobuf form of an OpenAPI v2 document that kubectl asks for: messages and field numbers are gnostic's `openapi.v2`.
 * Only what our documents have is described; anything else would throw.
 */
export function swaggerProtobuf(document: Json): Buffer {
  return encode(DOCUMENT, document);
}

/** Any value, as YAML text; JSON is YAML. */
const anything: Codec = {
  wire: text.wire,
  write: (output, value) => yaml.write(output, { yaml: `${JSON.stringify(value)}\n` }),
};
const yaml = message(() => ({ yaml: [2, text] }));
const extension = (number: number): Field => [number, named(anything)];

const isReference = (value: unknown): boolean => '$ref' in (value as object);
const reference = message(() => ({ $ref: [1, text] }));

const additionalProperties = oneOf((value) =>
  typeof value === 'boolean' ? [2, bool] : [1, schema],
);

const externalDocs = message(() => ({ description: [1, text], url: [2, text] }));

const schema: Codec = message(
  () => ({
    $ref: [1, text],
    format: [2, text],
    title: [3, text],
    description: [4, text],
    default: [5, anything],
    multipleOf: [6, double],
    maximum: [7, double],
    exclusiveMaximum: [8, bool],
    minimum: [9, double],
    exclusiveMinimum: [10, bool],
    maxLength: [11, int64],
    minLength: [12, int64],
    pattern: [13, text],
    maxItems: [14, int64],
    minItems: [15, int64],
    maxProperties: [17, int64],
    minProperties: [18, int64],
    required: [19, text, 'repeated'],
    enum: [20, anything, 'repeated'],
    additionalProperties: [21, additionalProperties],
    type: [22, listOfOne(text)],
    items: [23, listOfOne(schema)],
    allOf: [24, schema, 'repeated'],
    properties: [25, mapOf(schema)],
    externalDocs: [29, externalDocs],
    example: [30, anything],
  }),
  extension(31),
);

const bodyParameter = message(() => ({
  description: [1, text],
  name: [2, text],
  in: [3, text],
  required: [4, bool],
  schema: [5, schema],
}));
const queryParameter = message(() => ({
  required: [1, bool],
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [6, text],
  uniqueItems: [20, bool],
}));
const pathParameter = message(() => ({
  required: [1, bool],
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [5, text],
  uniqueItems: [19, bool],
}));

const placeOf = (value: unknown): unknown => (value as { in?: unknown }).in;
const nonBodyParameter = oneOf((value) =>
  placeOf(value) === 'path' ? [4, pathParameter] : [3, queryParameter],
);
const parameter = oneOf((value) =>
  placeOf(value) === 'body' ? [1, bodyParameter] : [2, nonBodyParameter],
);
const parametersItem = oneOf((value) => (isReference(value) ? [2, reference] : [1, parameter]));

const response = message(() => ({
  description: [1, text],
  schema: [2, oneOf(() => [1, schema])],
}));
const responseValue = oneOf(() => [1, response]);

const operation = message(
  () => ({
    tags: [1, text, 'repeated'],
    description: [3, text],
    operationId: [5, text],
    produces: [6, text, 'repeated'],
    consumes: [7, text, 'repeated'],
    parameters: [8, parametersItem, 'repeated'],
    responses: [9, mapOf(responseValue)],
    schemes: [10, text, 'repeated'],
  }),
  extension(13),
);

const pathItem = message(() => ({
  get: [2, operation],
  put: [3, operation],
  post: [4, operation],
  delete: [5, operation],
  patch: [8, operation],
  parameters: [9, parametersItem, 'repeated'],
}));

const info = message(() => ({ title: [1, text], version: [2, text] }));
const apiKey = message(() => ({
  type: [1, text],
  name: [2, text],
  in: [3, text],
  description: [4, text],
}));

const DOCUMENT: Codec = message(() => ({
  swagger: [1, text],
  info: [2, info],
  paths: [8, mapOf(pathItem, 2)],
  definitions: [9, mapOf(schema)],
  parameters: [10, mapOf(parameter)],
  security: [12, mapOf(listOf(text)), 'repeated'],
  securityDefinitions: [13, mapOf(oneOf(() => [2, apiKey]))],
}));
