/**
 * The workloads of kube-scheduler's own benchmark (upstream's test/integration/scheduler_perf), each with the rate that
 * upstream demands of itself: a file a group of them.
 *
 * What is measured is the time from when the pods are there to when all are bound, with the scheduler and the controllers
 * in this process and nobody who runs pods; `http.ts` measures the basic one as a client of another thread sees it. As upstream, not all
 * nodes are scored. Disturbances that upstream times by the clock come as often as in the time that its floor allows.
 *
 * Left out: resource claims, batches and groups of pods, which the scheduler does not have.
 */
import type { Case } from '../figure.ts';
import { AFFINITY } from './affinity.ts';
import { httpCases } from './http.ts';
import { MISC } from './misc.ts';
import { SPREADING } from './spreading.ts';
import { VOLUMES } from './volumes.ts';
import { casesOf } from './workload.ts';

export const schedulerCases: readonly Case[] = [
  ...casesOf([...MISC, ...AFFINITY, ...SPREADING, ...VOLUMES]),
  ...httpCases,
];
