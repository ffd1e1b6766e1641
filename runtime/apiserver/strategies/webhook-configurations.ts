import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  RuleWithOperations,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
  WebhookClientConfig,
} from '../../../generated/admissionregistration/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { BY_RESOURCE } from './admission-policies.ts';
import { conditionProblems } from './match-conditions.ts';
import { duplicate, invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

type Webhook = MutatingWebhook | ValidatingWebhook;
type Configuration = (MutatingWebhookConfiguration | ValidatingWebhookConfiguration) & KubeObject;

/** Forms of AdmissionReview that API servers of this and the release before send. */
const REVIEWS: ReadonlySet<string> = new Set(['v1', 'v1beta1']);
const REVIEWS_TEXT = [...REVIEWS].join(', ');
const TIMEOUT_MAX_S = 30;
const SEGMENTS_MIN = 3;

const subdomain = FORMAT_CHECKS['dns-subdomain'];
const label = FORMAT_CHECKS['dns-1035-label'];

/** Configurations of admission webhooks: what API servers could not ask is refused. */
export const webhookConfigurations: Strategy<Configuration> = {
  indexes: {
    [BY_RESOURCE]: ({ webhooks = [] }) => [
      ...new Set(
        webhooks.flatMap(({ rules = [] }) => rules.flatMap((rule) => rule.resources ?? [])),
      ),
    ],
  },
  validate({ webhooks = [] }) {
    const names = webhooks.map(({ name }) => name);
    return webhooks.flatMap((webhook, at) => {
      const path = `webhooks[${at}]`;
      const isTaken = webhook.name !== '' && names.indexOf(webhook.name) < at;
      return [
        ...webhookProblems(webhook, path),
        ...conditionProblems(webhook.matchConditions ?? [], `${path}.matchConditions`),
        ...reviewProblems(webhook.admissionReviewVersions ?? [], `${path}.admissionReviewVersions`),
        ...(isTaken ? [duplicate(`${path}.name`, webhook.name)] : []),
      ];
    });
  },
};

function webhookProblems(webhook: Webhook, path: string): Problem[] {
  const { name, rules = [], timeoutSeconds = 1, clientConfig = {} } = webhook;
  const isBounded = timeoutSeconds >= 1 && timeoutSeconds <= TIMEOUT_MAX_S;
  const bounds = `the timeout value must be between 1 and ${TIMEOUT_MAX_S} seconds`;
  return [
    ...nameProblems(name, `${path}.name`),
    ...rules.flatMap((rule, at) => ruleProblems(rule, `${path}.rules[${at}]`)),
    ...(isBounded ? [] : [invalid(`${path}.timeoutSeconds`, timeoutSeconds, bounds)]),
    ...clientProblems(clientConfig, `${path}.clientConfig`),
  ];
}

function nameProblems(name: string, path: string): Problem[] {
  if (name === '') return [];
  const wrong = subdomain(name);
  if (wrong) return [invalid(path, name, wrong)];
  if (name.split('.').length >= SEGMENTS_MIN) return [];
  const words = 'should be a domain with at least three segments separated by dots';
  return [invalid(path, name, words)];
}

function ruleProblems(rule: RuleWithOperations, path: string): Problem[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule;
  return [
    ...listProblems(operations, `${path}.operations`, 'operations'),
    ...listProblems(apiGroups, `${path}.apiGroups`, 'API groups'),
    ...listProblems(apiVersions, `${path}.apiVersions`, 'API versions'),
    ...emptyItems(apiVersions, `${path}.apiVersions`),
    ...resourceProblems(resources, `${path}.resources`),
  ];
}

function listProblems(list: readonly string[], path: string, what: string): Problem[] {
  if (list.length === 0) return [required(path, '')];
  if (list.length === 1 || !list.includes('*')) return [];
  return [invalid(path, list, `if '*' is present, must not specify other ${what}`)];
}

const emptyItems = (list: readonly string[], path: string): Problem[] =>
  list.flatMap((each, at) => (each === '' ? [required(`${path}[${at}]`, '')] : []));

/** `pods`, `pods/status`, with stars for all of either side; what a star before covers must not be named again. */
function resourceProblems(resources: readonly string[], path: string): Problem[] {
  if (resources.length === 0) return [required(path, '')];
  const problems = emptyItems(resources, path);
  const starred = new Set<string>();
  for (const [at, name] of resources.entries()) {
    const [resource = '', ...rest] = name.split('/');
    const subresource = rest.join('/');
    if (rest.length === 0) continue;
    const covering = [`${resource}/*`, `*/${subresource}`].filter((each) => starred.has(each));
    for (const star of covering)
      problems.push(
        invalid(`${path}[${at}]`, name, `if '${star}' is present, must not specify ${name}`),
      );
    if (resource === '*' || subresource === '*') starred.add(name);
  }
  if (resources.length > 1 && resources.includes('*/*'))
    problems.push(
      invalid(path, resources, "if '*/*' is present, must not specify other resources"),
    );
  if (resources.includes('*') && resources.some((each) => each !== '*' && !each.includes('/'))) {
    const words = "if '*' is present, must not specify other resources without subresources";
    problems.push(invalid(path, resources, words));
  }
  return problems;
}

function reviewProblems(versions: readonly string[], path: string): Problem[] {
  if (versions.length === 0) return [required(path, `must specify one of ${REVIEWS_TEXT}`)];
  const each = versions.flatMap((version, at) => {
    if (versions.indexOf(version) < at)
      return [invalid(`${path}[${at}]`, version, 'duplicate version')];
    const wrong = label(version);
    return wrong ? [invalid(`${path}[${at}]`, version, wrong)] : [];
  });
  if (versions.some((version) => REVIEWS.has(version))) return each;
  return [...each, invalid(path, versions, `must include at least one of ${REVIEWS_TEXT}`)];
}

function clientProblems({ url, service }: WebhookClientConfig, path: string): Problem[] {
  if ((url === undefined) === (service === undefined))
    return [required(path, 'exactly one of url or service is required')];
  if (url !== undefined) return urlProblems(url, `${path}.url`);
  return pathProblems(service?.path ?? '/', `${path}.service.path`);
}

const FORM = '; desired format: https://host[/path]';

function urlProblems(url: string, path: string): Problem[] {
  const parts =
    /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/is.exec(url);
  const [, scheme = '', authority = '', query = '', fragment = ''] = parts ?? [];
  const [host = '', user] = authority.split('@').reverse();
  const found: Problem[] = [];
  if (scheme.toLowerCase() !== 'https')
    found.push(invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`));
  if (host === '') found.push(invalid(path, host, `host must be specified${FORM}`));
  if (user !== undefined)
    found.push(invalid(path, user, 'user information is not permitted in the URL'));
  if (fragment !== '')
    found.push(invalid(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '')
    found.push(invalid(path, query, 'query parameters are not permitted in the URL'));
  return found;
}

function pathProblems(urlPath: string, path: string): Problem[] {
  if (urlPath === '/' || urlPath === '') return [];
  if (urlPath === '//') return [invalid(path, urlPath, 'segment[0] may not be empty')];
  const found = urlPath.startsWith('/') ? [] : [invalid(path, urlPath, "must start with a '/'")];
  const steps = urlPath.slice(1).replace(/\/$/, '').split('/');
  for (const [at, step] of steps.entries()) {
    const wrong = step === '' ? 'may not be empty' : subdomain(step);
    if (wrong)
      found.push(invalid(path, urlPath, `segment[${at}]${step === '' ? ' ' : ': '}${wrong}`));
  }
  return found;
}
