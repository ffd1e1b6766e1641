import { expect, it } from 'vitest';
import { schemaSet } from '../../../../generated/registry.ts';
import { type KubeObject, resourceId } from '../../../meta/index.ts';
import { serveKind, typed } from '../../kind.ts';
import { createProblems } from '../../object-rules.ts';
import { bootstrapPolicy } from './index.ts';

const kinds = new Map(
  schemaSet.kinds
    .filter(({ group }) => group === 'rbac.authorization.k8s.io')
    .map((descriptor) => [
      resourceId({ group: descriptor.group, resource: descriptor.plural }),
      serveKind(schemaSet, descriptor),
    ]),
);

it('is legal to the letter, though nobody checks it when a cluster starts', () => {
  const problems = bootstrapPolicy().flatMap(({ id, body }) => {
    const kind = kinds.get(id)!;
    const object = typed(kind, body as Partial<KubeObject>);
    const admitted = kind.interpreter.admit(kind.descriptor.schema, object);
    const found = [...admitted.problems, ...createProblems(kind, admitted.value as KubeObject)];
    const { name } = object.metadata;
    if (admitted.value !== object) return [`${id} ${name}: is stored otherwise than it says`];
    return found.map(({ field, message }) => `${id} ${name}: ${field}: ${message}`);
  });
  expect(problems).toEqual([]);
});

it('gives nothing a name twice, and binds only roles that there are', () => {
  const policy = bootstrapPolicy() as readonly {
    readonly id: string;
    readonly namespace?: string;
    readonly body: { metadata: { name: string }; roleRef?: { kind: string; name: string } };
  }[];
  const key = (id: string, namespace = '', name = '') => `${id} ${namespace}/${name}`;
  const names = policy.map(({ id, namespace, body }) => key(id, namespace, body.metadata.name));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  const bound = policy.flatMap(({ namespace, body: { roleRef } }) => {
    if (!roleRef) return [];
    const id = `${roleRef.kind.toLowerCase()}s.rbac.authorization.k8s.io`;
    return [key(id, roleRef.kind === 'Role' ? namespace : '', roleRef.name)];
  });
  expect(bound.filter((name) => !names.includes(name))).toEqual([]);
});
