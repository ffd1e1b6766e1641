import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { type AilmentOf, ailmentsOf, named } from './ailments.ts';
import { ephemeralContainers } from './ephemeral.ts';
import { pullError } from './images.ts';
import type { Kubelets } from './kubelets.ts';
import type { PodScripts } from './pod-worker.ts';
import { plainFailure } from './probe-answers.ts';
import { overlaid, type Signal, type Span } from './probe-timeline.ts';
import type { ContainerScript } from './script.ts';
import { type Program, planRun } from './timeline.ts';

/** What the containers of a pod will do on a node, with what has befallen the node. The very same where nothing has. */
export function scriptsOn(kubelets: Kubelets, pod: Pod, node: string): PodScripts {
  const scripts = kubelets.scripts.of(pod);
  if (kubelets.state.ailments.length === 0) return scripts;
  const pulls = ailmentsOf(kubelets, node, 'pull');
  const probes = ailmentsOf(kubelets, node, 'probe').filter(
    ({ target }) =>
      named(target.pod, pod.metadata?.name) && named(target.namespace, pod.metadata?.namespace),
  );
  if (pulls.length + probes.length === 0) return scripts;
  const ail = (script: ContainerScript, container: Container): ContainerScript =>
    withoutProbes(withoutImage(script, container, pulls), container, probes);
  return {
    init: scripts.init.map((each, at) => ail(each, pod.spec!.initContainers![at]!)),
    main: scripts.main.map((each, at) => ail(each, pod.spec!.containers![at]!)),
    ephemeral: scripts.ephemeral.map((each, at) => ail(each, ephemeralContainers(pod)[at]!)),
  };
}

function withoutImage(
  script: ContainerScript,
  container: Container,
  pulls: readonly AilmentOf<'pull'>[],
): ContainerScript {
  const image = container.image ?? '';
  if (!pulls.some((each) => named(each.image, image))) return script;
  const failures = {
    times: Number.POSITIVE_INFINITY,
    reason: 'ErrImagePull',
    message: pullError(image),
  };
  return { ...script, pull: { ...script.pull, failures } };
}

function withoutProbes(
  script: ContainerScript,
  container: Container,
  probes: readonly AilmentOf<'probe'>[],
): ContainerScript {
  const own = probes.filter(({ target }) => named(target.container, container.name));
  if (own.length === 0) return script;
  const spans = (probe: AilmentOf<'probe'>['target']['probe'], sinceMs: number): Span[] =>
    own
      .filter(({ target, untilMs }) => target.probe === probe && (untilMs ?? sinceMs + 1) > sinceMs)
      .map(({ fromMs, untilMs = Number.POSITIVE_INFINITY }) => ({
        fromMs: Math.max(0, fromMs - sinceMs),
        untilMs: untilMs - sinceMs,
      }));
  const change = (program: Program, sinceMs: number): Program => {
    const failing = (name: 'startup' | 'readiness' | 'liveness'): Signal => {
      const probe = container[`${name}Probe`];
      const signal = program[name];
      return probe
        ? overlaid(signal, spans(name, sinceMs), plainFailure(probe, container))
        : signal;
    };
    return {
      ...program,
      startup: failing('startup'),
      readiness: failing('readiness'),
      liveness: failing('liveness'),
    };
  };
  const program = (nth: number, sinceMs: number): Program =>
    change(script.program(nth, sinceMs), sinceMs);
  return {
    ...script,
    program,
    run: (nth, sinceMs) => planRun(container, program(nth, sinceMs)),
  };
}
