import { stringify } from 'yaml';
import { answerText } from './answer.ts';
import type { Form } from './form.ts';
import { protobuf } from './protobuf/index.ts';

/** An object or list as the body of an answer. */
export function encode(object: object, { encoding }: Form, pretty = false): string | Buffer {
  switch (encoding) {
    case 'protobuf':
      return protobuf().encode(object);
    case 'yaml':
      return stringify(object, { aliasDuplicateObjects: false });
    case 'json':
      return pretty ? `${JSON.stringify(object, null, 2)}\n` : `${answerText(object)}\n`;
  }
}

/** One event of a watch. */
export function encodeEvent(type: string, object: object, { encoding }: Form): string | Buffer {
  if (encoding === 'protobuf') return protobuf().event(type, object);
  return `{"type":"${type}","object":${answerText(object)}}\n`;
}
