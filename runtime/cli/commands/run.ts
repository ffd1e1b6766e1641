import { type Finding, formatFindings } from '../../authoring/index.ts';
import { stopwatch } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { type Converging, withApplied } from '../applied.ts';
import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import { faultsOf } from '../fault-options.ts';
import { findingRecord } from '../findings.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';
import { judge } from '../judge.ts';
import { type Outcome, objectName, outcomeText, progressTable } from '../outcome.ts';
import { nodeReasons } from '../why-text.ts';

interface Options {
  readonly for?: number;
  readonly seed?: number;
  readonly fault?: readonly string[];
  readonly podManifestPath?: string;
  readonly output: 'table' | 'json';
}

/** Explanations are printed for so many pods; the others are counted. */
const EXPLAINED_MAX = 5;

/** `slipway run`: apply once, let virtual time pass until everything is at its goal (or just as long as told), tell. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const folder = folderNamed(args[0]!, io);
  const { for: forMs, seed, fault, podManifestPath, output } = options as unknown as Options;
  const faults = faultsOf(fault);
  const elapsed = stopwatch();
  const refused = (findings: readonly Finding[]): void => {
    if (output !== 'json') return;
    io.out(`${JSON.stringify({ converged: false, findings: findings.map(findingRecord) })}\n`);
  };
  const session = { folder, seed, faults, podManifestPath, refused };
  return withApplied(io, session, async (converging) => {
    const { cluster } = converging;
    if (forMs === undefined) await cluster.settle();
    else await cluster.advance(Math.max(0, cluster.startMs + forMs - cluster.now()));
    const { converged } = cluster;
    warnOfFaults(io, cluster);
    const outcome: Outcome = {
      converged,
      journalHash: cluster.journal.hash(),
      seed: cluster.seed,
      virtualMs: cluster.now() - cluster.startMs,
      wallMs: Math.round(elapsed()),
    };
    if (output === 'json') printJson(io, converging, outcome);
    else printTable(io, converging, outcome);
    return converged ? EXIT.ok : EXIT.notConverged;
  });
}

/** Of faults that could not show anything: the run ended before them, or no node was where they hit. */
function warnOfFaults(io: Io, cluster: Cluster): void {
  for (const { id, text, phase } of cluster.faults.list()) {
    if (phase === 'waiting') io.err(`slipway: the fault ${text} was still to come in the end\n`);
    if (cluster.faults.reach(id) === 0) io.err(`slipway: the fault ${text} reached no node\n`);
  }
}

function printJson(io: Io, converging: Converging, outcome: Outcome): void {
  const { cluster } = converging;
  const { behind, scheduling, findings } = judge(converging);
  const unconverged = behind.map((each) => ({
    object: objectName(each),
    waitingFor: each.waitingFor ?? '',
  }));
  const result = {
    ...outcome,
    objects: cluster.objects(),
    unconverged,
    scheduling,
    findings: [...converging.doubts, ...findings].map(findingRecord),
  };
  io.out(`${JSON.stringify(result)}\n`);
}

function printTable(io: Io, converging: Converging, outcome: Outcome): void {
  const { cluster, session } = converging;
  const { behind, scheduling, findings } = judge(converging);
  const shown = cluster
    .progress()
    .filter(
      ({ atGoal, resource, namespace, name }) =>
        !atGoal || session.author.sourceOf(resource, namespace ? `${namespace}/${name}` : name),
    );
  if (shown.length > 0) io.out(`${progressTable(shown)}\n`);
  for (const { pod, summary, nodes, counterfactual } of scheduling.slice(0, EXPLAINED_MAX)) {
    const ways = counterfactual.map((way) => `  → ${way}\n`).join('');
    io.out(`pod ${pod}: ${summary}\n${nodeReasons(nodes)}${ways}\n`);
  }
  const more = scheduling.length - EXPLAINED_MAX;
  if (more > 0) io.out(`… and ${more} more pods that no node takes\n\n`);
  if (findings.length > 0) io.out(`${formatFindings(findings, session.project.sourceText)}\n\n`);
  io.out(outcomeText(outcome, cluster.objects().length, behind.length));
}
