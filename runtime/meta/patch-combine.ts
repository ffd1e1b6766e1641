import { isObject, type Json } from './json.ts';
import { mergeStrategyOf, schemaOfField, type Typed } from './merge-strategy.ts';
import { inOrder } from './patch-order.ts';
import { MARKER, SET_ORDER } from './strategic-merge.ts';

/** A strategic merge patch of removals and one of changes as one; of a field that both speak of the change counts. */
export function combinePatches(removals: Json, changes: Json, typed: Typed): Json {
  const patch = { ...removals };
  for (const [name, change] of Object.entries(changes)) {
    const removal = patch[name];
    const field = schemaOfField(name, typed);
    const { strategy, key } = mergeStrategyOf(field);
    if (isObject(removal) && isObject(change) && strategy !== 'replace')
      patch[name] = combinePatches(removal, change, field);
    else if (Array.isArray(removal) && Array.isArray(change) && key !== undefined)
      patch[name] = combineLists(removal, change, key, field);
    else patch[name] = name.startsWith('$') ? change : withoutMarked(change);
  }
  for (const [name, list] of Object.entries(patch)) {
    const order = patch[SET_ORDER + name];
    const { key } = mergeStrategyOf(schemaOfField(name, typed));
    if (Array.isArray(list) && Array.isArray(order) && key !== undefined)
      patch[name] = ordered(list as Json[], order as Json[], key);
  }
  return patch;
}

function combineLists(
  removals: readonly Json[],
  changes: readonly Json[],
  key: string,
  typed: Typed,
): Json[] {
  const list = removals.slice();
  const items = { ...typed, schema: mergeStrategyOf(typed).items };
  for (const change of changes) {
    const at = list.findIndex((item) => item[key] === change[key]);
    if (at < 0) list.push(change);
    else list[at] = combinePatches(list[at]!, change, items);
  }
  return list;
}

/** In the order of the list that is wanted, with what is deleted behind. */
function ordered(list: readonly Json[], order: readonly Json[], key: string): unknown[] {
  const kept = list.filter((item) => !(MARKER in item));
  const deleted = list.filter((item) => MARKER in item);
  return [...inOrder(kept, order, [], (item) => (item as Json)[key]), ...deleted];
}

/** A change without the items that are directives of their own: what they would delete is not there. */
function withoutMarked(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.filter((item) => !(isObject(item) && MARKER in item));
}
