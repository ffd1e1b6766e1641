import type { Pod } from '../../../generated/core/v1/types.ts';
import { type ApiRequest, badRequest, type KubeObject, notFound } from '../../meta/index.ts';
import { about, type ServedKind } from '../kind.ts';
import { keyOfRequest } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

/** `exec`, `attach` and `portforward` of a Pod by themselves: what they do goes over a connection that is upgraded. */
export const connect: SubresourceHandler = {
  get: () => {
    throw badRequest('Upgrade request required');
  },
  create: () => {
    throw badRequest('Upgrade request required');
  },
};

/** Which streams a client wants of a process. */
export interface WantedStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** What a connection to a pod is about. */
export interface Connection {
  readonly container: string;
  readonly command: readonly string[];
  readonly streams: WantedStreams;
  /** The pod as it is now; undefined when it is gone, or another of its name. */
  pod(): KubeObject | undefined;
}

/** Reads what a client wants to be connected with. Throws a 400 or 404 where that cannot be. */
export function connectionOf(
  kind: ServedKind,
  request: ApiRequest,
  parameters: URLSearchParams,
): Connection {
  const key = keyOfRequest(request);
  const found = kind.cache.row(key)?.object;
  if (!found) throw notFound(about(kind, request.name));
  const pod = found as Pod & KubeObject;
  const { uid } = pod.metadata;
  const of = (): KubeObject | undefined => {
    const live = kind.cache.row(key)?.object;
    return live?.metadata.uid === uid ? live : undefined;
  };
  if (request.subresource === 'portforward') {
    checkPlaced(pod);
    return { container: '', command: [], streams: NO_STREAMS, pod: of };
  }
  const container = containerOf(pod, parameters.get('container') ?? '');
  checkPlaced(pod);
  const command = parameters.getAll('command');
  if (request.subresource === 'exec' && command.length === 0)
    throw badRequest('you must specify at least one command for the container');
  return { container, command, streams: streamsOf(parameters), pod: of };
}

const NO_STREAMS: WantedStreams = { stdin: false, stdout: false, stderr: false, tty: false };

function checkPlaced({ metadata, spec }: Pod & KubeObject): void {
  if (!spec?.nodeName) throw badRequest(`pod ${metadata.name} does not have a host assigned`);
}

/** A terminal has one output. */
function streamsOf(parameters: URLSearchParams): WantedStreams {
  const is = (name: string): boolean => /^(true|1)$/.test(parameters.get(name) ?? '');
  const [stdin, stdout, stderr, tty] = ['stdin', 'stdout', 'stderr', 'tty'].map(is);
  if (!stdin && !stdout && !stderr)
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  return { stdin: stdin!, stdout: stdout!, stderr: stderr! && !tty, tty: tty! };
}

/** The container by its name, or the only one. */
function containerOf({ metadata, spec }: Pod & KubeObject, name: string): string {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec ?? {};
  const names = (list: readonly { readonly name: string }[]): string[] =>
    list.map((each) => each.name);
  if (name) {
    const all = [...containers, ...initContainers, ...ephemeralContainers];
    if (names(all).includes(name)) return name;
    throw badRequest(`container ${name} is not valid for pod ${metadata.name}`);
  }
  if (containers.length === 1) return containers[0]!.name;
  const inits = names(initContainers);
  const others = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${names(containers).join(' ')}]${others}`,
  );
}
