import { schemaSet } from '../../../../generated/registry.ts';
import { type SchemaSet, servedAt } from '../../../../generator/model/index.ts';
import { discoveryAnswer } from '../../../apiserver/discovery/index.ts';
import { openApiAnswer } from '../../../apiserver/openapi/index.ts';
import { type AreaResult, Tally } from '../report.ts';
import { at, type Case, readCases } from './cases.ts';
import { isObject, normalise } from './normalise.ts';

/** A question to a discovery document: one named entry of a list, some fields, or whether it is there at all. */
interface Question extends Case {
  readonly path: string;
  readonly entry?: { readonly list: string; readonly name: string };
  readonly fields?: readonly string[];
}

/** The version that was recorded. */
const VERSION = '1.28';

/** Every recorded question about groups, kinds and documents that exist. What only HTTP answers (health) is left out. */
export async function replayDiscovery(dir: string): Promise<AreaResult> {
  const tally = new Tally('api-discovery');
  const schemas = servedAt(schemaSet, VERSION);
  for (const each of (await readCases(dir, 'D')) as Question[])
    if (isForUs(schemas, each)) tally.equal(each.id, each.expect, answerTo(schemas, each));
  return tally.result();
}

function isForUs(schemas: SchemaSet, { path, entry, expect }: Question): boolean {
  if (/z$/.test(path)) return false;
  const hasGroup = (name: string): boolean => schemas.kinds.some(({ group }) => group === name);
  const hasVersion = (of: string, name: string): boolean =>
    schemas.kinds.some(({ group, version }) => group === of && version === name);
  if (entry?.list === 'groups') return hasGroup(entry.name);
  const [, root, group = '', version] = (
    entry?.list === 'paths' ? `/${entry.name}` : path.replace('/openapi/v3/', '/')
  ).split('/');
  const isRefusal = isObject(expect) && expect.code !== 200;
  if (root !== 'apis' || group === '' || isRefusal) return isServed(schemas, '', entry);
  return version === undefined
    ? hasGroup(group)
    : hasVersion(group, version) && isServed(schemas, group, entry);
}

/** Whether the resource that is asked for exists; which subresources it has is what is asked. */
function isServed(schemas: SchemaSet, group: string, entry: Question['entry']): boolean {
  if (entry?.list !== 'resources') return true;
  const [resource] = entry.name.split('/');
  return schemas.kinds.some((kind) => kind.group === group && kind.plural === resource);
}

function answerTo(schemas: SchemaSet, question: Question): unknown {
  const { path, entry, fields, expect } = question;
  const request = { path, accept: 'application/json' };
  const options = { version: VERSION } as const;
  const answer =
    discoveryAnswer(schemas, request, options) ?? openApiAnswer(schemas, request, options);
  // The shell around these documents says why there is none.
  if (!answer) return { ...(isObject(expect) ? expect : {}), code: 404 };
  const code = answer.status;
  const document: unknown = JSON.parse(answer.body.toString());
  if (entry) return { code, entry: entryOf(at(document, entry.list), entry.name) };
  if (!fields) return { code };
  const values = fields.map((name) => [name, at(document, name) ?? null]);
  return { code, fields: Object.fromEntries(values) };
}

function entryOf(list: unknown, name: string): unknown {
  if (isObject(list)) return list[name] === undefined ? null : { name };
  const found = (Array.isArray(list) ? list : []).find(
    (each) => isObject(each) && each.name === name,
  );
  return found === undefined ? null : normalise(found, { sent: '' });
}
