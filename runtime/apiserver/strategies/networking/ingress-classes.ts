import type { IngressClass } from '../../../../generated/networking/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { invalid, type Problem } from '../problem.ts';
import type { Strategy } from '../strategy.ts';

/** IngressClasses: a controller is named as a domain and a path. */
export const ingressClasses: Strategy<IngressClass & KubeObject> = {
  indexes: {
    default: ({ metadata }) => (metadata.annotations?.[DEFAULT] === 'true' ? ['true'] : []),
  },
  validate({ spec }, old) {
    const { controller = '' } = spec ?? {};
    return controller === '' || controller === old?.spec?.controller
      ? []
      : controllerProblems(controller);
  },
};

const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';
const FIELD = 'spec.controller';
/** What a URL's path may be made of. */
const PATH = /^([A-Za-z0-9/\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})+$/;

function controllerProblems(controller: string): Problem[] {
  const slash = controller.indexOf('/');
  const [domain, path] = [controller.slice(0, Math.max(slash, 0)), controller.slice(slash + 1)];
  if (domain === '' || path === '')
    return [invalid(FIELD, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const wrong = FORMAT_CHECKS['dns-subdomain'](domain);
  if (wrong) return [invalid(FIELD, domain, wrong)];
  return PATH.test(path) ? [] : [invalid(FIELD, path, 'must be a valid path of a URL')];
}
