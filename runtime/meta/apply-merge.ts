import { jsonEqual } from '../../generator/model/equal.ts';
import { EMPTY, type FieldSet, isMember } from './field-set.ts';
import { fieldOf, itemOf, itemsByStep, type Shaped, shapeOf, stepOf } from './field-shape.ts';
import { isObject, type Json } from './json.ts';
import type { Typed } from './merge-strategy.ts';

/** `live` with what `config` says, list items merged by key: the heart of server-side apply. */
export function mergeApplied(live: unknown, config: unknown, typed: Typed): unknown {
  const shaped = shapeOf(config, typed);
  if (shaped.shape === 'struct' && isObject(live)) {
    let result: Json | undefined;
    for (const [name, value] of Object.entries(config as Json)) {
      const before = Object.hasOwn(live, name) ? live[name] : undefined;
      const merged = mergeApplied(before, value, fieldOf(name, shaped, typed));
      if (merged === before) continue;
      result ??= { ...live };
      result[name] = merged;
    }
    return result ?? live;
  }
  if ((shaped.shape === 'keyed' || shaped.shape === 'set') && Array.isArray(live))
    return mergeLists(live, config as unknown[], shaped, typed);
  return jsonEqual(live, config) ? live : config;
}

/** Applied items in their order; live ones that the configuration does not name keep their places behind those before them. */
function mergeLists(
  live: readonly unknown[],
  config: readonly unknown[],
  shaped: Shaped,
  typed: Typed,
): readonly unknown[] {
  const wanted = itemsByStep(config, shaped, typed);
  const present = itemsByStep(live, shaped, typed);
  const order = [...wanted.keys()];
  const result: unknown[] = [];
  let next = 0;
  const placeUpTo = (end: number): void => {
    for (; next < end; next++) {
      const step = order[next]!;
      result.push(mergeApplied(present.get(step), wanted.get(step), itemOf(shaped, typed)));
    }
  };
  for (const item of live) {
    const at = order.indexOf(stepOf(item, shaped, typed));
    if (at < 0) result.push(item);
    else placeUpTo(at + 1);
  }
  placeUpTo(order.length);
  const same = result.length === live.length && result.every((item, at) => item === live[at]);
  return same ? live : result;
}

/**
 * `value` without what its applier stated before (`last`) and nobody states any more: what is in `kept` stays. A field
 * of a struct goes whole, with what defaults put into it; so does an item of a list.
 */
export function removeDropped(
  value: unknown,
  { last, kept }: { readonly last: FieldSet; readonly kept: FieldSet },
  typed: Typed,
): unknown {
  const shaped = shapeOf(value, typed);
  if (shaped.shape === 'struct') {
    let result: Json | undefined;
    for (const [name, each] of Object.entries(value as Json)) {
      const after = partAfter(
        each,
        `f:${name}`,
        { last, kept },
        fieldOf(name, shaped, typed),
        true,
      );
      if (after === each) continue;
      result ??= { ...(value as Json) };
      if (after === undefined) delete result[name];
      else result[name] = after;
    }
    return result ?? value;
  }
  if (shaped.shape === 'leaf') return value;
  const list = value as readonly unknown[];
  const item = itemOf(shaped, typed);
  const left = list.flatMap((each) => {
    const step = stepOf(each, shaped, typed);
    const after = partAfter(each, step, { last, kept }, item, false);
    return after === undefined ? [] : [after];
  });
  return left.length === list.length && left.every((each, at) => each === list[at]) ? value : left;
}

function partAfter(
  part: unknown,
  step: string,
  { last, kept }: { readonly last: FieldSet; readonly kept: FieldSet },
  typed: Typed,
  isField: boolean,
): unknown {
  const stated = last[step];
  if (!stated) return part;
  const still = kept[step];
  if (!still && (isField || isMember(stated))) return undefined;
  return removeDropped(part, { last: stated, kept: still ?? EMPTY }, typed);
}
