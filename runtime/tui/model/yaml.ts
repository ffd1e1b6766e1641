import { stringify } from 'yaml';
import type { KubeObject } from '../../meta/index.ts';
import { type Line, span } from './text.ts';

/** An object as YAML, in the order in which kubectl writes it; without managedFields unless they are asked for. */
export function yamlLines(object: KubeObject, withManagedFields = false): readonly Line[] {
  return textOf(withManagedFields ? object : withoutManagedFields(object)).map(yamlLine);
}

/** An object as the YAML that an editor is given. */
export function yamlText(object: KubeObject): string {
  return `${textOf(withoutManagedFields(object)).join('\n')}\n`;
}

/** Any value as lines of YAML with its keys marked. */
export function valueLines(value: unknown): readonly Line[] {
  return textOf(value).map(yamlLine);
}

function textOf(value: unknown): string[] {
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return text.trimEnd().split('\n');
}

export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function yamlLine(text: string): Line {
  const match = /^(\s*(?:- )*)("[^"]*"|[^\s"'#:][^:]*):( .*)?$/.exec(text);
  if (!match) return [span(text)];
  return [span(match[1]!), span(match[2]!, 'key'), span(`:${match[3] ?? ''}`)];
}
