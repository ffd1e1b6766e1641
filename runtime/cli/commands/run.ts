import { stopwatch } from '../../base/index.ts';
import type { SchedulingExplanation } from '../../client/index.ts';
import { type Cluster, explainPod } from '../../cluster/index.ts';
import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';
import { type Outcome, objectName, outcomeText, progressTable } from '../outcome.ts';
import { type Converging, withApplied } from '../session.ts';
import { unscheduledPods } from '../unscheduled.ts';
import { nodeReasons } from '../why-text.ts';

interface Options {
  readonly for?: number;
  readonly seed?: number;
  readonly output: 'table' | 'json';
}

/** Explanations are printed for so many pods; the others are counted. */
const EXPLAINED_MAX = 5;

/** `slipway run`: apply once, let virtual time pass until everything is at its goal (or just as long as told), tell. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const folder = folderNamed(args[0]!, io);
  const { for: forMs, seed, output } = options as unknown as Options;
  const elapsed = stopwatch();
  return withApplied(io, { folder, seed }, async (converging) => {
    const { cluster } = converging;
    if (forMs === undefined) await cluster.settle();
    else await cluster.advance(Math.max(0, cluster.startMs + forMs - cluster.now()));
    const { converged } = cluster;
    const outcome: Outcome = {
      converged,
      journalHash: cluster.journal.hash(),
      seed: cluster.seed,
      virtualMs: cluster.now() - cluster.startMs,
      wallMs: Math.round(elapsed()),
    };
    if (output === 'json') printJson(io, cluster, outcome);
    else printTable(io, converging, outcome);
    return converged ? EXIT.ok : EXIT.notConverged;
  });
}

function printJson(io: Io, cluster: Cluster, outcome: Outcome): void {
  const unconverged = cluster
    .progress()
    .filter(({ atGoal }) => !atGoal)
    .map((each) => ({ object: objectName(each), waitingFor: each.waitingFor ?? '' }));
  const scheduling = explanations(cluster);
  const result = { ...outcome, objects: cluster.objects(), unconverged, scheduling };
  io.out(`${JSON.stringify(result)}\n`);
}

function printTable(io: Io, { cluster, session }: Converging, outcome: Outcome): void {
  const progress = cluster.progress();
  const behind = progress.filter(({ atGoal }) => !atGoal);
  const shown = progress.filter(
    ({ atGoal, resource, namespace, name }) =>
      !atGoal || session.author.sourceOf(resource, namespace ? `${namespace}/${name}` : name),
  );
  if (shown.length > 0) io.out(`${progressTable(shown)}\n`);
  const unscheduled = explanations(cluster);
  for (const { pod, summary, nodes, counterfactual } of unscheduled.slice(0, EXPLAINED_MAX)) {
    const ways = counterfactual.map((way) => `  → ${way}\n`).join('');
    io.out(`pod ${pod}: ${summary}\n${nodeReasons(nodes)}${ways}\n`);
  }
  const more = unscheduled.length - EXPLAINED_MAX;
  if (more > 0) io.out(`… and ${more} more pods that no node takes\n\n`);
  io.out(outcomeText(outcome, cluster.objects().length, behind.length));
}

/** Why pods are on no node; of pods of one owner that are refused for the same reasons only the first. */
function explanations(cluster: Cluster): SchedulingExplanation[] {
  return unscheduledPods(cluster.transport).flatMap((key) => explainPod(cluster, key) ?? []);
}
