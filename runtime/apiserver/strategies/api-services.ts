import type {
  APIService,
  APIServiceCondition,
  APIServiceSpec,
} from '../../../generated/apiregistration/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import { formatTime, type KubeObject, withCondition } from '../../meta/index.ts';
import { invalid, notSupported, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

type Stored = APIService & KubeObject;

const GROUP_PRIORITY_MAX = 20_000;
const VERSION_PRIORITY_MAX = 1_000;
const PORT_MAX = 65_535;

/** What is said of a group version that the server itself answers for. */
export function localCondition(nowMs: number): APIServiceCondition {
  return {
    type: 'Available',
    status: 'True',
    lastTransitionTime: formatTime(nowMs),
    reason: 'Local',
    message: 'Local APIServices are always available',
  };
}

/** APIServices: a name that says what they are about, a place in discovery, and a service that can be asked. */
export const apiServices: Strategy<Stored> = {
  indexes: { remote: ({ spec }) => (spec?.service ? ['true'] : []) },
  // A service is not known to answer before somebody has asked it.
  prepareCreate: (object, context) =>
    object.spec?.service
      ? { ...object, status: {} }
      : {
          ...object,
          status: { conditions: [...withCondition(undefined, localCondition(context.now()))] },
        },
  validate({ metadata, spec }) {
    if (!spec) return [];
    const { group = '', version = '' } = spec;
    const name = `${version}.${group}`;
    return [
      ...(metadata.name === name
        ? []
        : [
            invalid(
              'metadata.name',
              metadata.name,
              `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(name)}`,
            ),
          ]),
      ...placeProblems(spec),
      ...(spec.service ? serviceProblems(spec) : localProblems(spec)),
    ];
  },
  validateStatus: ({ status }) =>
    (status?.conditions ?? []).flatMap(({ status: said }, at) =>
      STATUSES.includes(said)
        ? []
        : [notSupported(`status.conditions[${at}].status`, said, STATUSES)],
    ),
  needsVersion: true,
};

const STATUSES = ['False', 'True', 'Unknown'];

function placeProblems(spec: APIServiceSpec): Problem[] {
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const problems: Problem[] = [];
  if (group === '' && version !== 'v1')
    problems.push(
      required('spec.group', 'only v1 may have an empty group and it better be legacy kube'),
    );
  const wrongGroup = group && FORMAT_CHECKS['dns-subdomain'](group);
  if (wrongGroup) problems.push(invalid('spec.group', group, wrongGroup));
  const wrongVersion = FORMAT_CHECKS['dns-1035-label'](version);
  if (wrongVersion) problems.push(invalid('spec.version', version, wrongVersion));
  const check = (field: string, value: number, most: number): void => {
    if (value <= 0 || value > most)
      problems.push(invalid(`spec.${field}`, value, `must be positive and less than ${most}`));
  };
  check('groupPriorityMinimum', groupPriorityMinimum, GROUP_PRIORITY_MAX);
  check('versionPriority', versionPriority, VERSION_PRIORITY_MAX);
  return problems;
}

function localProblems({ caBundle = '', insecureSkipTLSVerify }: APIServiceSpec): Problem[] {
  const bytes = Buffer.from(caBundle, 'base64').length;
  return [
    ...(bytes > 0
      ? [invalid('spec.caBundle', `${bytes} bytes`, 'local APIServices may not have a caBundle')]
      : []),
    ...(insecureSkipTLSVerify
      ? [
          invalid(
            'spec.insecureSkipTLSVerify',
            true,
            'local APIServices may not have insecureSkipTLSVerify',
          ),
        ]
      : []),
  ];
}

function serviceProblems({ service, caBundle, insecureSkipTLSVerify }: APIServiceSpec): Problem[] {
  const { namespace, name, port = 0 } = service ?? {};
  const problems: Problem[] = [];
  if (!namespace) problems.push(required('spec.service.namespace', ''));
  if (!name) problems.push(required('spec.service.name', ''));
  if (port < 1 || port > PORT_MAX)
    problems.push(
      invalid(
        'spec.service.port',
        port,
        `port is not valid: must be between 1 and ${PORT_MAX}, inclusive`,
      ),
    );
  if (insecureSkipTLSVerify && caBundle)
    problems.push(
      invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'),
    );
  return problems;
}
