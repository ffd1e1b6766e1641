import type {
  Control,
  ManifestError,
  ManifestState,
  ManifestView,
  Progress,
  SchedulingExplanation,
  SourcePosition,
} from '../client/index.ts';
import type { ApiError } from '../meta/index.ts';
import type { Cluster } from './cluster.ts';
import { explainPod } from './control-plane.ts';
import type { Pacer } from './pacer.ts';
import { nodeRules } from './proxies.ts';
import { explainUnscheduled } from './unscheduled.ts';

/** What the folder of manifests can tell; absent for a cluster without one. */
export interface ManifestSource {
  state(): ManifestState;
  sourceOf(resource: string, key: string): SourcePosition | undefined;
  manifestOf(resource: string, key: string): ManifestView | undefined;
  /** What came out otherwise than the manifests want, at the lines that cause it. */
  outcomes(
    behind: readonly Progress[],
    scheduling: readonly SchedulingExplanation[],
  ): readonly ManifestError[];
  refusedEviction(podKey: string, error: ApiError): ManifestError | undefined;
}

/** The screen's and the commands' view of a cluster that a pacer drives. */
export function createControl(cluster: Cluster, pacer: Pacer, manifests?: ManifestSource): Control {
  return {
    clock: () => ({
      nowMs: cluster.now(),
      elapsedMs: cluster.now() - cluster.startMs,
      mode: pacer.mode,
      speed: pacer.speed,
    }),
    setMode: (mode) => pacer.setMode(mode),
    setSpeed: (speed) => pacer.setSpeed(speed),
    step: () => pacer.step(),
    runUntil: (reached, atMs) => pacer.runUntil(reached, atMs),
    progress: () => cluster.progress(),
    pulses: () => cluster.pulses(),
    get converged() {
      return cluster.converged;
    },
    sleepers: (count) => cluster.loop.upcoming(count),
    components: () => {
      const ready = new Set(cluster.loop.readyActors());
      return [...cluster.components().values()].map(({ name, depth, retrying = 0, parts }) => ({
        name,
        depth,
        ready: ready.has(name),
        retrying,
        ...(parts ? { parts } : {}),
      }));
    },
    watches: () => [
      ...cluster.faults.gate.watches(),
      ...cluster.server.watchers
        .list()
        .map(({ who, unread, ...each }) => ({ component: who, unseen: unread, ...each })),
    ],
    journal: (count, matches) => cluster.journal.latest(count, matches),
    causesOf: (record) => cluster.journal.causesOf(record),
    why: (podKey) => explainPod(cluster, podKey),
    faults: () => cluster.faults.list(),
    inject: (fault) => {
      const given = cluster.inject(fault);
      pacer.nudge();
      return given;
    },
    heal: (id) => {
      const had = cluster.faults.heal(id);
      pacer.nudge();
      return had;
    },
    manifests: () => manifests?.state(),
    sourceOf: (resource, key) => manifests?.sourceOf(resource, key),
    manifestOf: (resource, key) => manifests?.manifestOf(resource, key),
    withManagedFields: (resource, object) => cluster.server.withManagedFields(resource, object),
    rules: (node, mode) => nodeRules(cluster, node, mode),
    outcomes: () => {
      const behind = cluster.progress().filter(({ atGoal }) => !atGoal);
      return manifests?.outcomes(behind, explainUnscheduled(cluster)) ?? [];
    },
    refusedEviction: (podKey, error) => manifests?.refusedEviction(podKey, error),
    revision: () => cluster.server.revision,
    onChange: (listener) => pacer.onChange(listener),
  };
}
