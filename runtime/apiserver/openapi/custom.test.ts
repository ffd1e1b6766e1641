import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../generator/model/index.ts';
import { customSchema } from './custom.ts';

const metadata = (): Record<string, unknown> => ({ $ref: 'meta' });
const specOf = (spec: JsonSchema, dialect: 'v2' | 'v3'): unknown => {
  const root: JsonSchema = { type: 'object', properties: { spec } };
  return (customSchema(root, dialect, { metadata }) as { properties: { spec: unknown } }).properties
    .spec;
};

describe('the schema of a custom resource', () => {
  it('is shown as it was written, with what all objects have', () => {
    const root: JsonSchema = {
      type: 'object',
      description: 'A cart.',
      required: ['spec'],
      properties: { spec: { type: 'string', default: 'x', enum: ['x', 'y'] } },
    };
    expect(customSchema(root, 'v2', { metadata })).toEqual({
      ...root,
      properties: {
        ...root.properties,
        apiVersion: { type: 'string', description: expect.any(String) },
        kind: { type: 'string', description: expect.any(String) },
        metadata: { $ref: 'meta' },
      },
    });
  });

  it('is open in version 2 where unknown fields are kept', () => {
    const open: JsonSchema = {
      type: 'object',
      description: 'Anything.',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { a: { type: 'string' } },
    };
    expect(customSchema(open, 'v2', { metadata })).toEqual({ type: 'object' });
    expect(specOf(open, 'v2')).toEqual({
      description: 'Anything.',
      'x-kubernetes-preserve-unknown-fields': true,
    });
    expect(specOf(open, 'v3')).toEqual(open);
  });

  it('has no type in version 2 where it may be null, and then is not required either', () => {
    const nullable: JsonSchema = { type: 'string', nullable: true };
    const spec: JsonSchema = { type: 'object', required: ['a'], properties: { a: nullable } };
    expect(specOf(spec, 'v2')).toEqual({ type: 'object', properties: { a: {} } });
    expect(specOf(spec, 'v3')).toEqual(spec);
  });

  it('has junctors in version 3 alone', () => {
    const spec: JsonSchema = {
      type: 'object',
      anyOf: [{ required: ['a'] }],
      not: { maxProperties: 0 },
    };
    expect(specOf(spec, 'v2')).toEqual({ type: 'object' });
    expect(specOf(spec, 'v3')).toEqual(spec);
    expect(specOf({ 'x-kubernetes-int-or-string': true }, 'v3')).toEqual({
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
    });
  });

  it('tells of the head of an object within', () => {
    const embedded: JsonSchema = {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { spec: { type: 'string' } },
    };
    expect(specOf(embedded, 'v2')).toMatchObject({
      required: ['kind', 'apiVersion'],
      properties: {
        kind: { type: 'string' },
        metadata: { $ref: 'meta' },
        spec: { type: 'string' },
      },
    });
  });
});
