import type { Behaviour } from '../../../generated/cluster/v1/types.ts';
import {
  type KubeletAnswer,
  type KubeletQuestion,
  type KubeObject,
  keyOf,
  logText,
} from '../../meta/index.ts';
import { containerLog } from '../container-log.ts';
import type { Kubelets } from '../kubelets.ts';
import { podsOn } from '../pods-on.ts';
import { configz } from './configz.ts';
import { kubeletMetrics, resourceMetrics } from './metrics.ts';
import { podList, runningPods } from './pod-lists.ts';
import { summaryOf } from './summary.ts';

/** What answers need to know. */
interface Desk {
  readonly kubelets: Kubelets;
  readonly node: string;
  readonly behaviours: readonly Behaviour[];
  readonly parameters: KubeletQuestion['parameters'];
}

const TEXT = 'text/plain; charset=utf-8';
const METRICS = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

const ROUTES: Readonly<Record<string, (desk: Desk) => KubeletAnswer>> = {
  '/configz': ({ kubelets }) => json({ kubeletconfig: configz(kubelets) }),
  '/healthz': ({ parameters }) => health(parameters),
  '/metrics': ({ kubelets, node }) => metrics(kubeletMetrics(kubelets, node)),
  '/metrics/resource': ({ kubelets, node }) => metrics(resourceMetrics(kubelets, node)),
  '/pods': ({ kubelets, node }) => json(podList(kubelets, node)),
  '/runningpods/': ({ kubelets, node }) => json(runningPods(kubelets, node)),
  '/stats/summary': ({ kubelets, node, parameters }) =>
    json(summaryOf(kubelets, node, parameters['only_cpu_and_memory'] === 'true'), 1),
};

/** Without the slash at the end. */
const ALIASES: Readonly<Record<string, string>> = {
  '/pods/': '/pods',
  '/runningpods': '/runningpods/',
  '/stats/summary/': '/stats/summary',
};

const CHECKS = ['ping', 'log', 'syncloop'];

/** What the kubelet of a node answers. It must be running and within reach. */
export function kubeletAnswer(
  kubelets: Kubelets,
  node: string,
  behaviours: readonly Behaviour[],
  { method, path, parameters }: KubeletQuestion,
): KubeletAnswer {
  const desk: Desk = { kubelets, node, behaviours, parameters };
  const route = ROUTES[ALIASES[path] ?? path];
  const [, first, ...rest] = path.split('/');
  const isLog = first === 'containerLogs';
  const isCheck = first === 'healthz' && rest.length === 1 && CHECKS.includes(rest[0]!);
  if (!route && !isLog && !isCheck) return text(404, '404 page not found\n');
  if (method !== 'GET') return text(405, '405: Method Not Allowed');
  if (route) return route(desk);
  return isLog ? log(desk, rest) : text(200, 'ok');
}

function json(value: object, indent = 0): KubeletAnswer {
  const body = JSON.stringify(value, undefined, indent);
  return { code: 200, contentType: 'application/json', body };
}

function text(code: number, body: string): KubeletAnswer {
  return { code, contentType: TEXT, body };
}

function metrics(body: string): KubeletAnswer {
  return { code: 200, contentType: METRICS, body };
}

function health(parameters: Desk['parameters']): KubeletAnswer {
  if (!('verbose' in parameters)) return text(200, 'ok');
  const lines = CHECKS.map((name) => `[+]${name} ok\n`);
  return text(200, `${lines.join('')}healthz check passed\n`);
}

/** `/containerLogs/<namespace>/<pod>/<container>`: what there is now; a log that is followed ends with that. */
function log(
  { kubelets, node, behaviours, parameters }: Desk,
  [namespace, name, container, ...more]: readonly string[],
): KubeletAnswer {
  if (!namespace || !name || !container || more.length > 0)
    return text(404, '404 page not found\n');
  const key = `${namespace}/${name}`;
  const pod = podsOn(kubelets, node).find((each) => keyOf(each as unknown as KubeObject) === key);
  if (!pod) return text(404, `pod "${name}" does not exist\n`);
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  if (![...containers, ...initContainers].some((each) => each.name === container))
    return text(404, `container "${container}" not found in pod "${name}"\n`);
  const nowMs = kubelets.context.pace.now();
  const previous = parameters['previous'] === 'true';
  const answer = containerLog(pod, { container, previous }, behaviours, nowMs);
  if ('wrong' in answer) return text(400, `${answer.wrong}\n`);
  return text(200, logText(answer.lines, parameters, nowMs));
}
