/**
 * A set of field paths as a trie, in the very form of `managedFields[].fieldsV1`: `f:name` for fields, `k:{…}` for items of keyed
 * lists, `v:…` for members of sets. A node without children is in the set; one with children is when it has `.` as well.
 */
export interface FieldSet {
  readonly [step: string]: FieldSet;
}

export type Path = readonly string[];

const SELF = '.';

/** The set of nothing; as a node, a leaf. */
export const EMPTY: FieldSet = Object.freeze({});

export const isLeaf = (node: FieldSet): boolean => {
  for (const _ in node) return false;
  return true;
};

export const isMember = (node: FieldSet | undefined): boolean =>
  node !== undefined && (SELF in node || isLeaf(node));

/** A node from its children and whether it is in the set itself; undefined when nothing is. */
export function nodeOf(
  children: Readonly<Record<string, FieldSet>>,
  member: boolean,
): FieldSet | undefined {
  if (isLeaf(children)) return member ? EMPTY : undefined;
  return member ? { [SELF]: EMPTY, ...children } : children;
}

/** The steps below a node, without the one that stands for itself. */
function* stepsOf(node: FieldSet): Generator<string> {
  for (const step in node) if (step !== SELF) yield step;
}

const ordered = new WeakMap<FieldSet, FieldSet>();

/** The same set with its steps in the order in which they are written: clients compare the bytes. */
export function inOrder(node: FieldSet): FieldSet {
  if (isLeaf(node)) return node;
  const known = ordered.get(node);
  if (known) return known;
  const steps = Object.keys(node).sort();
  const found = Object.fromEntries(steps.map((step) => [step, inOrder(node[step]!)]));
  ordered.set(node, found);
  return found;
}

/** What is in one of the two. Of equal sets the first is returned. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  return isLeaf(a) ? b : isLeaf(b) ? a : unionOfNodes(a, b);
}

function unionOfNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  let result: Record<string, FieldSet> | undefined;
  for (const step of stepsOf(b)) {
    const own = a[step];
    const merged = own ? unionOfNodes(own, b[step]!) : b[step]!;
    if (merged === own) continue;
    result ??= { ...a };
    result[step] = merged;
  }
  const children = result ?? a;
  const member = isMember(a) || isMember(b);
  if (!member || isLeaf(children) || SELF in children) return children;
  return { [SELF]: EMPTY, ...children };
}

/** What is in `a` and not in `b`; undefined when nothing is left. Of sets that share nothing `a` is returned. */
export function difference(a: FieldSet, b: FieldSet): FieldSet | undefined {
  return isLeaf(a) ? undefined : isLeaf(b) ? a : differenceOfNodes(a, b);
}

function differenceOfNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const member = isMember(a) && !isMember(b);
  let changed = member !== isMember(a);
  const children: Record<string, FieldSet> = {};
  for (const step of stepsOf(a)) {
    const own = a[step]!;
    const other = b[step];
    const left = other ? differenceOfNodes(own, other) : own;
    if (left !== own) changed = true;
    if (left) children[step] = left;
  }
  return changed ? nodeOf(children, member) : a;
}

/** What is in both; undefined when that is nothing. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet | undefined {
  return isLeaf(a) || isLeaf(b) ? undefined : intersectionOfNodes(a, b);
}

function intersectionOfNodes(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const children: Record<string, FieldSet> = {};
  for (const step of stepsOf(a)) {
    const both = b[step] && intersectionOfNodes(a[step]!, b[step]);
    if (both) children[step] = both;
  }
  return nodeOf(children, isMember(a) && isMember(b));
}

/** The paths of a set, as conflicts name them. */
export function pathsOf(set: FieldSet): Path[] {
  const found: Path[] = [];
  const visit = (node: FieldSet, path: Path): void => {
    if (path.length > 0 && isMember(node)) found.push(path);
    for (const step of stepsOf(node)) visit(node[step]!, [...path, step]);
  };
  visit(set, []);
  return found;
}

/** A path in the words of a conflict: `.spec.containers[name="web"].image`. */
export function pathText(path: Path): string {
  return path
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys = Object.entries(JSON.parse(step.slice(2)) as Record<string, unknown>);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
