import type { KubeObject } from '../meta/index.ts';
import { createCluster, type TestClusterOptions } from './create.ts';
import type { TestCluster } from './test-cluster.ts';

export interface CrashScenario {
  /** The component that crashes. */
  readonly component: string;
  readonly options?: TestClusterOptions;
  /** What happens to the cluster, with the time for it to have its effects. */
  play(cluster: TestCluster): Promise<void>;
}

export interface CrashReport {
  /** How many writes the component makes when it does not crash; it crashed after each of them, once. */
  readonly writes: number;
  /** Where the undisturbed run ended. */
  readonly end: readonly string[];
  /** What was missing or too much in the end, by the write after which it crashed; runs that ended alike are left out. */
  readonly differing: readonly {
    readonly afterWrite: number;
    readonly missing: readonly string[];
    readonly extra: readonly string[];
  }[];
}

/** More writes than any component makes. */
const NEVER = 1_000_000_000;
/** Back-offs of what was interrupted end within this time. */
const REST = '1m';

/**
 * Plays a scenario undisturbed, and once for each write that the component made in it: there the component dies with the write done and
 * unanswered, forgets everything, and starts anew. A level-based controller ends in the same place each time.
 */
export async function crashAfterEveryWrite(scenario: CrashScenario): Promise<CrashReport> {
  const calm = await run(scenario, NEVER);
  const differing: CrashReport['differing'][number][] = [];
  for (let afterWrite = 1; afterWrite <= calm.writes; afterWrite++) {
    const { end } = await run(scenario, afterWrite);
    const [missing, extra] = [without(calm.end, end), without(end, calm.end)];
    if (missing.length + extra.length > 0) differing.push({ afterWrite, missing, extra });
  }
  return { ...calm, differing };
}

function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

async function run(
  { component, options, play }: CrashScenario,
  crashAfter: number,
): Promise<{ writes: number; end: readonly string[] }> {
  const cluster = await createCluster(options);
  const { id } = cluster.inject({ crash: { component, afterWrites: crashAfter } });
  await play(cluster);
  await cluster.advance(REST);
  const fault = cluster.faults().find((each) => each.id === id);
  return { writes: fault?.strikes ?? 0, end: endOf(cluster) };
}

/** Kinds that tell how something went and not where it is. */
const PASSING: ReadonlySet<string> = new Set(['Event', 'Lease']);
/** Fields that differ from run to run. */
const VOLATILE: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'managedFields',
  'podCIDR',
  'podCIDRs',
]);
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\b10\.\d+\.\d+\.\d+/g, '<ip>'],
  [/[0-9a-f]{64}/g, '<hash>'],
];

/** Every lasting object as text, without what is random or a time; sorted. */
function endOf(cluster: TestCluster): string[] {
  const objects = cluster.cluster.objects().filter(({ kind }) => !PASSING.has(kind));
  const generated = objects
    .filter(({ metadata }) => metadata.generateName)
    .map(({ metadata }) => [metadata.name ?? '', `${metadata.generateName}*`] as const);
  return objects.map((object) => textOf(object, generated)).sort();
}

function textOf(object: KubeObject, generated: readonly (readonly [string, string])[]): string {
  const { generation } = object.metadata;
  let text = JSON.stringify(object, (key, value: unknown) => {
    if (VOLATILE.has(key)) return undefined;
    if (key === 'observedGeneration') return value === generation ? 'current' : 'behind';
    return isRecord(value) ? sorted(value) : value;
  });
  for (const [name, mask] of generated) text = text.replaceAll(name, mask);
  for (const [pattern, mask] of MASKS) text = text.replace(pattern, mask);
  return text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
