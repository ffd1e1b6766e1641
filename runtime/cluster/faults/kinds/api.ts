import type { ApiFault } from '../../../../generated/cluster/v1/types.ts';
import type { ApiRequest } from '../../../meta/index.ts';
import { optionsText, shareText } from '../form.ts';
import { type FaultKind, fits, type Refusal } from '../kind.ts';

const VERBS = ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const READS: ReadonlySet<string> = new Set(['get', 'list']);

type ApiErrorName = NonNullable<ApiFault['error']>;

/** What is answered, as an API server or what stands before it words it. */
const ANSWERS: Readonly<Record<ApiErrorName, (request: ApiRequest) => Refusal>> = {
  Unavailable: () => ({
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'the server is currently unable to handle the request',
  }),
  Conflict: ({ resource, name = '' }) => ({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resource.resource} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  }),
  InternalError: () => ({
    code: 500,
    reason: 'InternalError',
    message: 'Internal error occurred: etcdserver: leader changed',
  }),
  TooManyRequests: () => ({
    code: 429,
    reason: 'TooManyRequests',
    message: 'the server has received too many requests and has asked us to try again later',
  }),
  Timeout: () => ({
    code: 504,
    reason: 'Timeout',
    message: 'Timeout: request did not complete within the allotted timeout',
  }),
  Lost: () => ({
    code: 504,
    reason: 'Timeout',
    message: 'Timeout: request did not complete within the allotted timeout',
    done: true,
  }),
};
const ERRORS = Object.keys(ANSWERS) as ApiErrorName[];

/** Requests of the cluster's own components fail. Those of people, and of the manifests, do not. */
export const api: FaultKind<ApiFault> = {
  name: 'api',
  form: 'api=SHARE[,error=NAME][,component=NAME][,verb=update][,resource=pods]',
  about: `a share of the components' requests fails: ${ERRORS.join(', ')}`,
  parse(reader) {
    const rate = reader.share('the rate', reader.target) ?? 1;
    const error = reader.oneOf('error', ERRORS);
    const component = reader.named('component');
    const verb = reader.oneOf('verb', VERBS);
    const resource = reader.text('resource');
    return {
      rate,
      ...(error === undefined ? {} : { error }),
      ...(component === undefined ? {} : { component }),
      ...(verb === undefined ? {} : { verb }),
      ...(resource === undefined ? {} : { resource }),
    };
  },
  text: ({ rate = 1, error, component, verb, resource }) =>
    shareText(rate) +
    optionsText({ error: error === 'Unavailable' ? undefined : error, component, verb, resource }),
  component: ({ component }) => component,
  refuse({ rate = 1, error = 'Unavailable', component, verb, resource }, request, draw) {
    const hits =
      fits(component, request.cause.component) &&
      (verb === undefined ? !READS.has(request.verb) : verb === request.verb) &&
      (resource === undefined || resource === request.resource.resource) &&
      (error !== 'Conflict' || request.verb === 'update');
    return hits && draw() < rate ? ANSWERS[error](request) : undefined;
  },
};
