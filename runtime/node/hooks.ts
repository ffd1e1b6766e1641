import type { Hook as HookSpec } from '../../generated/cluster/v1/types.ts';
import type { Container, HTTPGetAction, LifecycleHandler } from '../../generated/core/v1/types.ts';
import { FOREVER, milliseconds } from './durations.ts';
import { portOf, refused, urlOf } from './handlers.ts';

/** How a lifecycle hook goes, known in advance. */
export interface HookCourse {
  readonly takesMs: number;
  /** Why it fails, with `POD` for the pod's name; absent when it succeeds. */
  readonly failure?: string;
}

/** Stands in the messages of hooks for the pod, as the kubelet names it. */
export const POD = '\u0001';

/**
 * How the nth run's hook goes: as the behaviour says, by its first entry whose times are not used up. An HTTP request of the
 * container itself finds nobody before the program serves.
 */
export function hookCourse(
  handler: LifecycleHandler | undefined,
  container: Container,
  entries: readonly HookSpec[],
  nth: number,
  serves: boolean,
): HookCourse | undefined {
  if (!handler) return undefined;
  if (handler.sleep) return { takesMs: (handler.sleep.seconds ?? 0) * 1000 };
  const entry = entryOf(entries, nth) ?? {};
  const takesMs = milliseconds(entry.duration, 0);
  const failure = failureOf(handler, container, entry, serves);
  return failure === undefined ? { takesMs } : { takesMs, failure };
}

function entryOf(entries: readonly HookSpec[], nth: number): HookSpec | undefined {
  let before = 0;
  return entries.find(({ times }) => {
    before += times ?? FOREVER;
    return nth < before;
  });
}

function failureOf(
  { exec, httpGet }: LifecycleHandler,
  container: Container,
  entry: HookSpec,
  serves: boolean,
): string | undefined {
  if (exec) {
    const { exitCode = 0, output = '' } = entry;
    if (exitCode === 0) return undefined;
    return commandFailure(container, exec.command ?? [], exitCode, output);
  }
  if (!httpGet) return `Cannot run handler: invalid handler`;
  const port = portOf(httpGet.port, container);
  if ('wrong' in port) return requestFailure(httpGet, container, port.wrong);
  const isOwn = !httpGet.host;
  if (!entry.refused && (serves || !isOwn)) return undefined;
  const why = refused(httpGet.host, port.number);
  return requestFailure(httpGet, container, `Get "${urlOf(httpGet, port.number)}": ${why}`);
}

/** Why a hook fails that sends a request. */
export function requestFailure(
  { path = '/' }: HTTPGetAction,
  { name }: Container,
  why: string,
): string {
  return `HTTP lifecycle hook (${path}) ${aboutOf(name)}${why}`;
}

const aboutOf = (container: string): string =>
  `for Container "${container}" in Pod "${POD}" failed - error: `;

/** Why a hook fails that runs a command. */
export function commandFailure(
  { name }: Container,
  command: readonly string[],
  code: number,
  output: string,
): string {
  const error = `command '${command.join(' ')}' exited with ${code}: ${output}`;
  return `Exec lifecycle hook (${goList(command)}) ${aboutOf(name)}${error}, message: ${JSON.stringify(output)}`;
}

function goList(words: readonly string[]): string {
  return `[${words.join(' ')}]`;
}
