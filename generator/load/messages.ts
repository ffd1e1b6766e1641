import type { MessageFields } from '../model/schema.ts';
import type { LoadScope, SourceNode } from './schema.ts';

type Messages = Readonly<Record<string, MessageFields>>;

/** Numbers from here on are protobuf's own. */
const NUMBER_MAX = 2 ** 29 - 1;
const HELP =
  'write { name: 1, source: [2, core/v1.Source] }, each number once, or remove the message';

/** The messages of a file that numbers fields: `messages: { core/v1.Volume: { name: 1, … } }`. */
export function readMessages(root: SourceNode, { file, problems }: LoadScope): Messages {
  const source = root.at('messages')!;
  const { value } = source;
  const messages = (source.isMap ? value : {}) as Messages;
  if (!source.isMap)
    problems.add(file, source.line, source.pointer, 'messages is no mapping', HELP);
  for (const name of source.keys()) {
    const { line, pointer } = source.at(name)!;
    const wrong = complaintOf(messages, name);
    if (wrong) problems.add(file, line, pointer, wrong, HELP);
  }
  return messages;
}

function complaintOf(messages: Messages, name: string): string | undefined {
  const fields: unknown = messages[name];
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    return `${name} has no fields`;
  const taken = new Set<number>();
  for (const [field, place] of Object.entries(fields as Record<string, unknown>)) {
    const [number, inner] = Array.isArray(place) ? (place as unknown[]) : [place];
    if (!Number.isInteger(number) || (number as number) < 1 || (number as number) > NUMBER_MAX)
      return `${field} has no number`;
    if (taken.has(number as number)) return `${field} has a number that another field has`;
    taken.add(number as number);
    if (Array.isArray(place) && !(typeof inner === 'string' && Object.hasOwn(messages, inner)))
      return `${field} is of ${JSON.stringify(inner)}, which is no message of the file`;
  }
  return undefined;
}
