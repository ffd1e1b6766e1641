import type { EitherPlace, MessageFields } from '../model/schema.ts';
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
  return complaintOfFields(messages, fields as Record<string, unknown>);
}

function complaintOfFields(
  messages: Messages,
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  const taken = new Set<number>();
  for (const [field, place] of Object.entries(fields)) {
    const { number: own, ...either } = isEither(place) ? place : { number: place };
    const [number, inner] = Array.isArray(own) ? (own as unknown[]) : [own];
    if (!Number.isInteger(number) || (number as number) < 1 || (number as number) > NUMBER_MAX)
      return `${field} has no number`;
    if (taken.has(number as number)) return `${field} has a number that another field has`;
    taken.add(number as number);
    if (Array.isArray(own) && !(typeof inner === 'string' && Object.hasOwn(messages, inner)))
      return `${field} is of ${JSON.stringify(inner)}, which is no message of the file`;
    const unknown = Object.keys(either).find((type) => !TYPES.has(type));
    if (unknown !== undefined)
      return `${field} is either of ${[...TYPES].join(', ')}; not ${unknown}`;
    const wrong = complaintOfFields(messages, either);
    if (wrong) return `${field}: ${wrong}`;
  }
  return undefined;
}

/** Types of a value that may be of several. */
const TYPES: ReadonlySet<string> = new Set(['boolean', 'message', 'messages', 'strings']);

const isEither = (place: unknown): place is EitherPlace =>
  typeof place === 'object' && place !== null && !Array.isArray(place);
