import type { Pod } from '../../generated/core/v1/types.ts';
import { type AilmentOf, ailmentsOf, named } from './ailments.ts';
import { pullError } from './images.ts';
import type { Kubelets } from './kubelets.ts';
import type { PodScripts } from './pod-worker.ts';
import { failing, type Span } from './probe-timeline.ts';
import type { ContainerScript } from './script.ts';

type Named = { readonly name?: string; readonly image?: string };

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
  const ail = (script: ContainerScript, container: Named | undefined): ContainerScript =>
    withoutProbes(withoutImage(script, container, pulls), container, probes);
  return {
    init: scripts.init.map((each, at) => ail(each, pod.spec?.initContainers?.[at])),
    main: scripts.main.map((each, at) => ail(each, pod.spec?.containers?.[at])),
    ephemeral: scripts.ephemeral.map((each, at) => ail(each, pod.spec?.ephemeralContainers?.[at])),
  };
}

function withoutImage(
  script: ContainerScript,
  container: Named | undefined,
  pulls: readonly AilmentOf<'pull'>[],
): ContainerScript {
  const image = container?.image ?? '';
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
  container: Named | undefined,
  probes: readonly AilmentOf<'probe'>[],
): ContainerScript {
  const own = probes.filter(({ target }) => named(target.container, container?.name));
  if (own.length === 0) return script;
  const spans = (probe: AilmentOf<'probe'>['target']['probe'], sinceMs: number): Span[] =>
    own
      .filter(({ target, untilMs }) => target.probe === probe && (untilMs ?? sinceMs + 1) > sinceMs)
      .map(({ fromMs, untilMs = Number.POSITIVE_INFINITY }) => ({
        fromMs: Math.max(0, fromMs - sinceMs),
        untilMs: untilMs - sinceMs,
      }));
  return {
    ...script,
    run: (nth, sinceMs) =>
      script.runAs(nth, (program) => ({
        ...program,
        startup: failing(program.startup, spans('startup', sinceMs)),
        readiness: failing(program.readiness, spans('readiness', sinceMs)),
        liveness: failing(program.liveness, spans('liveness', sinceMs)),
      })),
  };
}
