import { describe, expect, it } from 'vitest';
import { NodeTree } from './node-tree.ts';

function treeOf(zones: Readonly<Record<string, readonly number[]>>): NodeTree {
  const tree = new NodeTree();
  for (const zone of Object.keys(zones)) for (const slot of zones[zone]!) tree.add(zone, slot);
  return tree;
}

describe('the order of nodes', () => {
  it('takes one node of each zone in turn', () => {
    const tree = treeOf({ a: [0, 1, 2], b: [3], c: [4, 5] });
    expect([...tree.order()]).toEqual([0, 3, 4, 1, 5, 2]);
  });

  it('forgets a zone with its last node', () => {
    const tree = treeOf({ a: [0], b: [1, 2] });
    tree.remove('a', 0);
    expect([...tree.order()]).toEqual([1, 2]);
    tree.add('a', 3);
    expect([...tree.order()]).toEqual([1, 3, 2]);
  });

  it('is not changed by what a copy does', () => {
    const tree = treeOf({ a: [0, 1] });
    const copy = new NodeTree(tree);
    copy.remove('a', 0);
    tree.add('b', 2);
    expect([...copy.order()]).toEqual([1]);
    expect([...tree.order()]).toEqual([0, 2, 1]);
  });
});
