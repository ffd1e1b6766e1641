import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { SchedulerConfig, SchedulerProfile } from '../../scheduler/index.ts';
import { type AreaResult, type Mismatch, sameJson } from './report.ts';
import { type KubeObject, Play, type PodOutcome, type Step } from './scheduler-play.ts';

interface Case {
  readonly id: string;
  readonly inputs: {
    readonly namespaces: readonly KubeObject[];
    readonly objects: readonly KubeObject[];
    readonly steps: readonly Step[];
    readonly profile?: string;
  };
  readonly expected: {
    readonly pods: Readonly<Record<string, ExpectedPod>>;
    readonly first?: Readonly<Record<string, ExpectedPod>>;
    readonly scores?: Readonly<Record<string, Scores>>;
    readonly victims?: readonly string[];
    readonly afterVictimsGone?: Readonly<Record<string, ExpectedPod>>;
    readonly claims?: Readonly<Record<string, object>>;
  };
}

interface ExpectedPod {
  readonly node?: string;
  readonly condition?: { readonly reason?: string; readonly message?: string };
  readonly nominatedNodeName?: string;
  readonly untouched?: boolean;
  readonly gone?: boolean;
}

type Scores = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Plays the recorded cases without a cluster: pod by pod over snapshots, with preemption and volumes. */
export async function run(oracleDir: string): Promise<AreaResult> {
  const profiles = parse(await readFile(join(oracleDir, 'profiles.yaml'), 'utf8')) as {
    readonly profiles: readonly SchedulerProfile[];
  };
  const config: SchedulerConfig = { kubernetesVersion: '1.28', profiles: profiles.profiles };
  const mismatches: Mismatch[] = [];
  const files = (await readdir(join(oracleDir, 'cases'))).sort();
  for (const file of files) {
    const each = JSON.parse(await readFile(join(oracleDir, 'cases', file), 'utf8')) as Case;
    const mismatch = compare(each, config);
    if (mismatch) mismatches.push(mismatch);
  }
  const matched = files.length - mismatches.length;
  return { area: 'scheduler-oracle', matched, total: files.length, mismatches };
}

function compare({ id, inputs, expected }: Case, config: SchedulerConfig): Mismatch | undefined {
  const play = new Play([...inputs.namespaces, ...inputs.objects], config, inputs.profile);
  for (const step of inputs.steps) {
    const scores = play.step(step);
    const wanted = scores && expected.scores?.[scores.pod];
    if (wanted && !sameScores(wanted, scores.table))
      return { id, expected: wanted, actual: scores.table };
  }
  const parts: [unknown, unknown][] = [
    [outcomes(expected.pods), played(expected.pods, (name) => play.outcome(name))],
    [outcomes(expected.first), played(expected.first, (name) => play.first(name))],
    [[...(expected.victims ?? [])].sort(), play.victims()],
    [expected.claims ?? {}, play.claims(Object.keys(expected.claims ?? {}))],
  ];
  play.removeVictims();
  parts.push([
    outcomes(expected.afterVictimsGone),
    played(expected.afterVictimsGone, (name) => play.outcome(name)),
  ]);
  const wrong = parts.find(([wanted, actual]) => !sameJson(wanted, actual));
  return wrong && { id, expected: wrong[0], actual: wrong[1] };
}

function played(
  expected: Readonly<Record<string, ExpectedPod>> | undefined,
  outcomeOf: (name: string) => PodOutcome,
): object {
  return Object.fromEntries(Object.keys(expected ?? {}).map((name) => [name, outcomeOf(name)]));
}

/** What is compared of the expected pods: where each is or goes, or what its condition says. */
function outcomes(expected: Readonly<Record<string, ExpectedPod>> | undefined): object {
  return Object.fromEntries(
    Object.entries(expected ?? {}).map(([name, pod]) => {
      if (pod.gone) return [name, { gone: true }];
      if (pod.untouched) return [name, {}];
      if (pod.node !== undefined) return [name, { node: pod.node }];
      const { reason, message } = pod.condition ?? {};
      const nominated = pod.nominatedNodeName ? { nominatedNodeName: pod.nominatedNodeName } : {};
      return [name, { reason, message, ...nominated }];
    }),
  );
}

/** Plugins that had nothing to score have no entry and add nothing. */
function sameScores(wanted: Scores, actual: Scores): boolean {
  return Object.entries(wanted).every(([node, scores]) =>
    Object.entries(scores).every(([plugin, score]) => (actual[node]?.[plugin] ?? 0) === score),
  );
}
