import type {
  ClusterRoleBinding,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../../../generated/rbac/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { jsonEqual, type KubeObject } from '../../../meta/index.ts';
import { subjectsOfBinding } from '../../authorization/subjects.ts';
import { invalid, notSupported, type Problem, required } from '../problem.ts';
import type { Strategy } from '../strategy.ts';

const GROUP = 'rbac.authorization.k8s.io';

type Binding = (RoleBinding | ClusterRoleBinding) & KubeObject;

/** RoleBindings: a role of the namespace or a cluster role; the binding's namespace stands for one that an account lacks. */
export const roleBindings: Strategy<RoleBinding & KubeObject> = bindings(true);

/** ClusterRoleBindings: cluster roles only, and accounts with their namespace. */
export const clusterRoleBindings: Strategy<ClusterRoleBinding & KubeObject> = bindings(false);

function bindings<T extends Binding>(isNamespaced: boolean): Strategy<T> {
  return {
    indexes: { subject: subjectsOfBinding },
    prepareCreate: withGroups,
    prepareUpdate: withGroups,
    validate({ roleRef, subjects = [] }, old) {
      const isMoved = old && !jsonEqual(roleRef, old.roleRef);
      return [
        ...roleProblems(roleRef, isNamespaced),
        ...subjects.flatMap((each, at) => subjectProblems(each, `subjects[${at}]`, isNamespaced)),
        ...(isMoved ? [invalid('roleRef', roleRef, 'cannot change roleRef')] : []),
      ];
    },
  };
}

/** With the group of users and groups filled in. */
function withGroups<T extends Binding>(binding: T): T {
  const { subjects } = binding;
  const lacksGroup = ({ kind, apiGroup }: Subject): boolean =>
    !apiGroup && (kind === 'User' || kind === 'Group');
  if (!subjects?.some(lacksGroup)) return binding;
  return {
    ...binding,
    subjects: subjects.map((each) => (lacksGroup(each) ? { ...each, apiGroup: GROUP } : each)),
  };
}

function roleProblems({ apiGroup, kind }: RoleRef, isNamespaced: boolean): Problem[] {
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  return [
    ...(apiGroup === GROUP ? [] : [notSupported('roleRef.apiGroup', apiGroup ?? '', [GROUP])]),
    ...(kinds.includes(kind) ? [] : [notSupported('roleRef.kind', kind, kinds)]),
  ];
}

const KINDS = ['ServiceAccount', 'User', 'Group'];

function subjectProblems(subject: Subject, path: string, isNamespaced: boolean): Problem[] {
  const { kind, name, apiGroup = '', namespace } = subject;
  if (!KINDS.includes(kind)) return [notSupported(`${path}.kind`, kind, KINDS)];
  if (kind !== 'ServiceAccount') {
    const nobody = `${kind.toLowerCase()} name cannot be empty`;
    return [
      ...(name ? [] : [invalid(`${path}.name`, '', nobody)]),
      ...(apiGroup === GROUP ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [GROUP])]),
    ];
  }
  const wrong = name && FORMAT_CHECKS['dns-subdomain'](name);
  return [
    ...(wrong ? [invalid(`${path}.name`, name, wrong)] : []),
    ...(apiGroup === '' ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [''])]),
    ...(isNamespaced || namespace ? [] : [required(`${path}.namespace`)]),
  ];
}
