import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createMergePatch, type KubeObject } from '../../meta/index.ts';
import type { Target } from '../model/action.ts';
import { wrapped } from '../model/text.ts';
import { type Kind, kindById, objectAt, shortName, type World } from '../model/world.ts';
import { withoutManagedFields, yamlText } from '../model/yaml.ts';
import type { Editor } from './editor.ts';

const COMMENT_CELLS = 100;
const HINT = [
  'Change what shall be different, save, and leave the editor.',
  'Left as it is, or emptied, nothing happens. Comments are left out.',
];

/**
 * Lets the user change an object as YAML, as `kubectl edit` does: what is different is sent as a patch, and what is refused comes
 * back with the reason above it, until it is accepted or left alone. Then the file stays, for what is in it.
 */
export async function edit(target: Target, world: World, editor: Editor): Promise<string> {
  const kind = kindById(world, target.resource);
  const object = objectAt(world, target.resource, target.key);
  if (!kind || !object) throw new Error(`${target.key} is gone already`);
  const name = `${shortName(kind)}/${object.metadata.name}`;
  const folder = await mkdtemp(join(tmpdir(), 'slipway-edit-'));
  const file = join(folder, `${kind.descriptor.singular}-${object.metadata.name}.yaml`);
  let text = yamlText(object);
  let problem: string | undefined;
  for (;;) {
    await writeFile(file, header(problem) + text, { mode: 0o600 });
    await editor(file);
    const next = withoutHeader(await readFile(file, 'utf8'));
    if (next.trim() === '' || next === text) {
      if (problem !== undefined)
        throw new Error(`${name} is as it was: ${problem}; what you wrote is in ${file}`);
      await rm(folder, { recursive: true });
      return `${name} is as it was`;
    }
    text = next;
    problem = await attempt(text, { kind, object, target }, world);
    if (problem === undefined) break;
  }
  await rm(folder, { recursive: true });
  return `${name} is edited`;
}

interface Edited {
  readonly kind: Kind;
  readonly object: KubeObject;
  readonly target: Target;
}

/** Why what was written cannot be, in the server's words or in those of the YAML parser; undefined when it is done. */
async function attempt(
  text: string,
  { kind, object, target }: Edited,
  world: World,
): Promise<string | undefined> {
  const before = withoutManagedFields(object);
  const { name = '', namespace } = object.metadata;
  try {
    const after = parse(text) as KubeObject;
    const wrong = otherObject(before, after);
    if (wrong !== undefined) return wrong;
    const detail = { verb: 'edit', targets: [`${target.resource}/${target.key}`] };
    await world
      .request(detail)
      .patch(kind.ref, { name, namespace }, createMergePatch({ ...before }, { ...after }), {
        type: 'application/merge-patch+json',
      });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What says which object it is cannot be changed in it. */
function otherObject(before: KubeObject, after: KubeObject): string | undefined {
  if (typeof after !== 'object' || after === null || typeof after.metadata !== 'object')
    return 'this is no object: it needs apiVersion, kind and metadata';
  const identity = ({ apiVersion, kind, metadata }: KubeObject): string =>
    `${apiVersion} ${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  return identity(before) === identity(after)
    ? undefined
    : 'apiVersion, kind, name and namespace say which object it is: they cannot be changed';
}

function header(problem: string | undefined): string {
  const words =
    problem === undefined
      ? HINT
      : [...HINT, '', ...problem.split('\n').flatMap((line) => wrapped(line, COMMENT_CELLS))];
  return `${words.map((line) => `# ${line}`.trimEnd()).join('\n')}\n#\n`;
}

function withoutHeader(text: string): string {
  return text.replace(/^(#.*\n)*/, '');
}
