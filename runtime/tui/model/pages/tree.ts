import type { Glyphs } from '../../theme.ts';

/** A row of a tree before it is laid out. */
export interface Branch<T> {
  readonly key: string;
  readonly item: T;
  below(): readonly Branch<T>[];
}

/** A branch at its place: the lines that lead to it, and whether it is folded away below. */
export interface Placed<T> {
  readonly key: string;
  readonly item: T;
  /** `│  └─ `; `▸` at its end when something is folded away. */
  readonly lead: string;
}

/** More than these are not looked at: a tree is for looking at one thing. */
const BRANCHES_MAX = 5000;

/** A tree as rows, top down; what is below a folded branch is left out, and not worked out. */
export function treeRows<T>(
  roots: readonly Branch<T>[],
  folded: ReadonlySet<string>,
  { ascii }: Glyphs,
): readonly Placed<T>[] {
  const [through, last, down, none, closed] = ascii
    ? ['|- ', '`- ', '|  ', '   ', '+ ']
    : ['├─ ', '└─ ', '│  ', '   ', '▸ '];
  const rows: Placed<T>[] = [];
  const visit = (branches: readonly Branch<T>[], lead: string, isRoot: boolean): void => {
    branches.forEach((branch, at) => {
      if (rows.length >= BRANCHES_MAX) return;
      const isLast = at === branches.length - 1;
      const own = isRoot ? '' : lead + (isLast ? last : through);
      const isFolded = folded.has(branch.key);
      const below = branch.below();
      const mark = isFolded && below.length > 0 ? closed : '';
      rows.push({ key: branch.key, item: branch.item, lead: `${own}${mark}` });
      if (!isFolded) visit(below, isRoot ? '' : lead + (isLast ? none : down), false);
    });
  };
  visit(roots, '', true);
  return rows;
}
