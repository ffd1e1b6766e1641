import type { Random } from '../../base/index.ts';
import type { Cycle } from '../cycle.ts';
import type { Diagnosis, Rejection } from '../framework.ts';
import { reasonList } from '../messages.ts';
import type { NodeInfo, PodRecord } from '../node-info.ts';
import type { DisruptionBudget } from './budgets.ts';
import { selectCandidate } from './select.ts';
import { type Candidate, isCandidate, victimsOnOnce } from './victims.ts';

export interface DefaultPreemptionArgs {
  /** How many candidates are enough, in percent of the nodes on which preemption may help, … */
  readonly minCandidateNodesPercentage?: number;
  /** … and at least this many. */
  readonly minCandidateNodesAbsolute?: number;
}

export interface PreemptionOptions {
  readonly args: DefaultPreemptionArgs;
  readonly budgets: readonly DisruptionBudget[];
  readonly random: Random;
}

/** The best node to make room on, or what to say instead. */
export type PreemptionOutcome =
  | { readonly candidate: Candidate }
  | {
      readonly message: string;
      /** The pod keeps the node that it waits for. */
      readonly keepsNomination: boolean;
    };

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const PERCENTAGE = 10;
const ABSOLUTE = 100;

/** PostFilter: looks for a node where removing pods of lower priority makes room. Changes nothing. */
export function evaluatePreemption(
  cycle: Cycle,
  diagnosis: Diagnosis,
  options: PreemptionOptions,
): PreemptionOutcome {
  const ineligible = whyIneligible(cycle, diagnosis);
  if (ineligible) return { message: ineligible, keepsNomination: true };
  const slots = potentialSlots(cycle, diagnosis);
  const wanted = candidatesWanted(slots.length, options.args);
  const offset = slots.length > 0 ? options.random.below(slots.length) : 0;
  const { candidates, refusals } = dryRun(cycle, slots, { ...options, wanted, offset });
  const candidate = selectCandidate(candidates);
  if (candidate) return { candidate };
  return { message: whyNot(diagnosis, refusals), keepsNomination: false };
}

/** How many candidates are looked for among `nodes`. */
export function candidatesWanted(nodes: number, args: DefaultPreemptionArgs): number {
  const { minCandidateNodesPercentage = PERCENTAGE, minCandidateNodesAbsolute = ABSOLUTE } = args;
  const share = Math.trunc((nodes * minCandidateNodesPercentage) / 100);
  return Math.min(nodes, Math.max(share, minCandidateNodesAbsolute));
}

/** Why the pod may not preempt; undefined when it may. */
export function whyIneligible(
  { incoming, state }: Cycle,
  diagnosis: Diagnosis,
): string | undefined {
  const { shape, nominatedNodeName } = incoming;
  if (shape.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const node = nominatedNodeName ? state.find(nominatedNodeName) : undefined;
  if (!node || codeOf(node, diagnosis) === 'UnschedulableAndUnresolvable') return undefined;
  const waits = node.pods.some(
    (record) => record.shape.priority < shape.priority && isBeingPreempted(record),
  );
  return waits ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

function codeOf({ slot }: NodeInfo, { slots, rejections, preFilter, absent }: Diagnosis) {
  const at = slots.indexOf(slot);
  return (at < 0 ? (preFilter ?? absent) : rejections[at])?.code;
}

function isBeingPreempted({ pod, terminating }: PodRecord): boolean {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return (
    terminating && condition?.status === 'True' && condition.reason === 'PreemptionByScheduler'
  );
}

/** Nodes whose refusal may end when pods leave. */
function potentialSlots({ state }: Cycle, diagnosis: Diagnosis): number[] {
  const { slots, rejections, preFilter, absent } = diagnosis;
  if (preFilter) return preFilter.code === 'Unschedulable' ? [...state.order()] : [];
  const refused = slots.filter((_, at) => rejections[at]!.code === 'Unschedulable');
  if (absent || slots.length === diagnosis.total) return refused;
  // Versions that say nothing of nodes which PreFilter leaves out try those too.
  const asked = new Set(slots);
  return [...refused, ...state.order().filter((slot) => !asked.has(slot))];
}

interface DryRun {
  readonly candidates: readonly Candidate[];
  /** By slot, for the nodes that were tried in vain. */
  readonly refusals: ReadonlyMap<number, Rejection>;
}

/** Tries nodes from `offset` on, round and round once, until there are enough of which one breaks no budget. */
export function dryRun(
  cycle: Cycle,
  slots: readonly number[],
  options: {
    readonly budgets: readonly DisruptionBudget[];
    readonly wanted: number;
    readonly offset: number;
  },
): DryRun {
  const harmless: Candidate[] = [];
  const violating: Candidate[] = [];
  const refusals = new Map<number, Rejection>();
  for (let i = 0; i < slots.length; i++) {
    if (harmless.length > 0 && harmless.length + violating.length >= options.wanted) break;
    const slot = slots[(options.offset + i) % slots.length]!;
    const found = victimsOnOnce(slot, cycle, options.budgets);
    if (!isCandidate(found)) refusals.set(slot, found);
    else if (found.victims.length > 0) (found.violations === 0 ? harmless : violating).push(found);
  }
  return { candidates: [...harmless, ...violating], refusals };
}

/** Nodes by what keeps preemption from helping there. */
function whyNot({ total }: Diagnosis, refusals: ReadonlyMap<number, Rejection>): string {
  const counts = new Map<string, number>();
  const note = (reason: string, nodes: number): void => {
    if (nodes > 0) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  };
  for (const { reasons } of refusals.values()) for (const reason of reasons) note(reason, 1);
  note(NOT_HELPFUL, total - refusals.size);
  return `0/${total} nodes are available: ${reasonList(counts)}.`;
}
