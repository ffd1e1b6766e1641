import { type Path, pathText } from './field-set.ts';
import { fieldOf, itemOf, shapeOf, stepOf } from './field-shape.ts';
import { isObject, type Json } from './json.ts';
import type { Typed } from './merge-strategy.ts';
import { unknownError } from './status.ts';

/** Throws for a configuration that states an item of a keyed list, or a member of a set, twice: nothing says which counts. */
export function refuseDuplicates(config: unknown, typed: Typed): void {
  const [found, ...more] = duplicatesIn(config, typed, []);
  if (found === undefined) return;
  const { apiVersion, kind, metadata } = config as Json;
  const { name, namespace } = isObject(metadata) ? metadata : {};
  const about = `${namespace ? `${namespace}/` : ''}${name}; ${apiVersion}, Kind=${kind}`;
  const list = more.length === 0 ? found : `errors:\n  ${[found, ...more].join('\n  ')}`;
  throw unknownError(`failed to create typed patch object (${about}): ${list}`);
}

function duplicatesIn(value: unknown, typed: Typed, path: Path): string[] {
  const shaped = shapeOf(value, typed);
  if (shaped.shape === 'leaf') return [];
  if (shaped.shape === 'struct')
    return Object.entries(value as Json).flatMap(([name, each]) =>
      duplicatesIn(each, fieldOf(name, shaped, typed), [...path, `f:${name}`]),
    );
  const seen = new Set<string>();
  return (value as unknown[]).flatMap((item) => {
    const step = stepOf(item, shaped, typed);
    const isRepeat = seen.has(step);
    seen.add(step);
    const inside = duplicatesIn(item, itemOf(shaped, typed), [...path, step]);
    if (!isRepeat) return inside;
    const what = shaped.shape === 'set' ? 'set item' : 'key';
    return [`${pathText(path)}: duplicate entries for ${what} ${pathText([step])}`, ...inside];
  });
}
