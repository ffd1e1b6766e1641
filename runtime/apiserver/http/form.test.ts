import { describe, expect, it } from 'vitest';
import { formOf, STREAMED } from './form.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const TABLE = 'as=Table;g=meta.k8s.io;v=v1';
const PARTIAL = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

function formAs(
  accept: string | undefined,
  speaksProtobuf = true,
  hasTable = true,
): string | undefined {
  const form = formOf(accept, { speaksProtobuf, hasTable });
  return form && `${form.as} ${form.encoding} ${form.contentType}`;
}

describe('the form of an answer', () => {
  it.each([
    [undefined, 'object json application/json'],
    ['*/*', 'object json application/json'],
    ['application/yaml', 'object yaml application/yaml'],
    [PROTOBUF, `object protobuf ${PROTOBUF}`],
    [`${PROTOBUF},application/json`, `object protobuf ${PROTOBUF}`],
    [`application/json,${PROTOBUF}`, 'object json application/json'],
    [`application/json;q=0.5,${PROTOBUF};q=0.9`, `object protobuf ${PROTOBUF}`],
    [`${PROTOBUF};stream=watch, */*`, `object protobuf ${PROTOBUF}`],
    [`${PROTOBUF};stream=other, */*`, 'object json application/json'],
    ['application/yaml;stream=watch, application/json', 'object json application/json'],
    [`${PROTOBUF};${PARTIAL}`, `metadata protobuf ${PROTOBUF}`],
    [`application/json;${TABLE}`, 'table json application/json'],
    [`${PROTOBUF};${TABLE},application/json`, 'object json application/json'],
    [`application/json;as=Other;g=meta.k8s.io;v=v1,${PROTOBUF}`, `object protobuf ${PROTOBUF}`],
    [`${PROTOBUF};as=Table;g=other;v=v1`, undefined],
    ['text/plain', undefined],
    ['application/json;q=0', undefined],
  ])('that accepts %s', (accept, form) => {
    expect(formAs(accept)).toBe(form);
  });

  it('has no objects in protobuf of kinds that do not speak it, but their metadata', () => {
    expect(formAs(`${PROTOBUF},application/json`, false)).toBe('object json application/json');
    expect(formAs(PROTOBUF, false)).toBeUndefined();
    expect(formAs(`${PROTOBUF};${PARTIAL}`, false)).toBe(`metadata protobuf ${PROTOBUF}`);
  });

  it('is no table of what is only asked and never read again', () => {
    expect(formAs(`application/json;${TABLE}`, true, false)).toBeUndefined();
    expect(formAs(`application/json;${TABLE},application/json`, true, false)).toBe(
      'object json application/json',
    );
  });

  it('of watches is what has frames', () => {
    expect(STREAMED).toEqual(['application/json;stream=watch', `${PROTOBUF};stream=watch`]);
  });
});
