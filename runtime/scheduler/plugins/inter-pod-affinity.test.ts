import { describe, expect, it } from 'vitest';
import type { Namespace, Pod } from '../../../generated/core/v1/types.ts';
import type { SchedulerProfile } from '../config.ts';
import { aNode, aPod } from '../fakes.ts';
import { pluginScores, pluginVerdicts } from '../inspection.ts';
import { createView } from '../view.ts';

const ZONE = 'topology.kubernetes.io/zone';
const NODES = [
  aNode('a1', { zone: 'a' }),
  aNode('a2', { zone: 'a' }),
  aNode('b1', { zone: 'b' }),
  aNode('bare'),
];
const NAMES = ['a1', 'a2', 'b1'];

const term = (app: string, more: object = {}) => ({
  labelSelector: { matchLabels: { app } },
  topologyKey: ZONE,
  ...more,
});
type Term = ReturnType<typeof term>;
const required = (...terms: Term[]) => ({ requiredDuringSchedulingIgnoredDuringExecution: terms });
const preferred = (weight: number, podAffinityTerm: Term) => ({
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }],
});

const on = (nodeName: string, app: string, more: Parameters<typeof aPod>[1] = {}): Pod =>
  aPod(`${app}-${nodeName}`, { nodeName, labels: { app }, ...more });

const namespace = (name: string, labels: Record<string, string>): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

interface Around {
  readonly pods?: readonly Pod[];
  readonly namespaces?: readonly Namespace[];
  readonly args?: object;
}

function viewOf({ pods = [], namespaces = [], args = {} }: Around) {
  const profile: SchedulerProfile = { pluginConfig: [{ name: 'InterPodAffinity', args }] };
  return createView({ nodes: NODES, pods, namespaces }, { profiles: [profile] });
}

/** By node: what is refused, in short. */
function refusals(pod: Pod, around: Around): Record<string, string> {
  const verdicts = pluginVerdicts(pod, 'InterPodAffinity', viewOf(around));
  return Object.fromEntries(
    Object.entries(verdicts).map(([node, { code, reasons }]) => [node, reasons?.[0] ?? code]),
  );
}

function scores(pod: Pod, around: Around): number[] {
  return Object.values(pluginScores(pod, 'InterPodAffinity', viewOf(around), NAMES));
}

const AFFINITY = "node(s) didn't match pod affinity rules";
const ANTI = "node(s) didn't match pod anti-affinity rules";
const THEIRS = "node(s) didn't satisfy existing pods anti-affinity rules";

describe('required affinity', () => {
  const near = (...terms: Term[]) => aPod('p', { affinity: { podAffinity: required(...terms) } });

  it('is for nodes in a domain of a pod that it selects, and cannot be helped by preemption', () => {
    const pods = [on('a1', 'db')];
    expect(refusals(near(term('db')), { pods })).toEqual({
      a1: 'Success',
      a2: 'Success',
      b1: AFFINITY,
      bare: AFFINITY,
    });
    expect(pluginVerdicts(near(term('db')), 'InterPodAffinity', viewOf({ pods }))).toMatchObject({
      b1: { code: 'UnschedulableAndUnresolvable' },
    });
  });

  it('wants one pod that all terms select', () => {
    const pods = [on('a1', 'db'), on('a1', 'web')];
    expect(refusals(near(term('db'), term('web')), { pods })).toMatchObject({ a1: AFFINITY });
  });

  it('lets the first of a group go anywhere with the label', () => {
    const first = aPod('p', {
      labels: { app: 'db' },
      affinity: { podAffinity: required(term('db')) },
    });
    expect(refusals(first, {})).toMatchObject({ a1: 'Success', b1: 'Success', bare: AFFINITY });
    expect(refusals(first, { pods: [on('b1', 'db')] })).toMatchObject({ a1: AFFINITY });
  });

  it('looks into its own namespace, those it names, and those with the labels', () => {
    const elsewhere = [on('a1', 'db', { namespace: 'shop' })];
    const namespaces = [namespace('shop', { team: 'x' })];
    const around = { pods: elsewhere, namespaces };
    expect(refusals(near(term('db')), around)).toMatchObject({ a1: AFFINITY });
    expect(refusals(near(term('db', { namespaces: ['shop'] })), around)).toMatchObject({
      a1: 'Success',
    });
    const selecting = (team: string) =>
      near(term('db', { namespaceSelector: { matchLabels: { team } } }));
    expect(refusals(selecting('x'), around)).toMatchObject({ a1: 'Success' });
    expect(refusals(selecting('y'), around)).toMatchObject({ a1: AFFINITY });
    expect(refusals(near(term('db', { namespaceSelector: {} })), around)).toMatchObject({
      a1: 'Success',
    });
  });

  it('narrows to, or away from, its own values of label keys', () => {
    const pods = [
      on('a1', 'db', { labels: { app: 'db', hash: '1' } }),
      on('b1', 'db', { labels: { app: 'db', hash: '2' } }),
    ];
    const pod = (more: object) =>
      aPod('p', { labels: { hash: '1' }, affinity: { podAffinity: required(term('db', more)) } });
    expect(refusals(pod({ matchLabelKeys: ['hash'] }), { pods })).toMatchObject({
      a1: 'Success',
      b1: AFFINITY,
    });
    expect(refusals(pod({ mismatchLabelKeys: ['hash'] }), { pods })).toMatchObject({
      a1: AFFINITY,
      b1: 'Success',
    });
  });
});

describe('required anti-affinity', () => {
  const apart = { affinity: { podAntiAffinity: required(term('db')) } };

  it('keeps a pod out of the domains of those that it selects', () => {
    expect(refusals(aPod('p', apart), { pods: [on('a1', 'db')] })).toEqual({
      a1: ANTI,
      a2: ANTI,
      b1: 'Success',
      bare: 'Success',
    });
  });

  it('of pods that are there keeps out those that they select, terminating or not', () => {
    const shy = on('a1', 'web', apart);
    const going = {
      ...shy,
      metadata: { ...shy.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
    for (const there of [shy, going as Pod])
      expect(refusals(aPod('p', { labels: { app: 'db' } }), { pods: [there] })).toEqual({
        a1: THEIRS,
        a2: THEIRS,
        b1: 'Success',
        bare: 'Success',
      });
  });
});

describe('preferences', () => {
  const towards = aPod('p', { affinity: { podAffinity: preferred(5, term('db')) } });

  it('sum up over pods and stretch from 0 to 100', () => {
    const pods = [on('a1', 'db'), on('a2', 'db'), on('b1', 'db')];
    expect(scores(towards, { pods })).toEqual([100, 100, 0]);
    const away = aPod('p', { affinity: { podAntiAffinity: preferred(5, term('db')) } });
    expect(scores(away, { pods })).toEqual([0, 0, 100]);
  });

  it('of pods that are there count too, and their required affinity by a weight', () => {
    const web = aPod('p', { labels: { app: 'web' } });
    const wants = on('b1', 'db', { affinity: { podAffinity: preferred(3, term('web')) } });
    const needs = on('a1', 'db', { affinity: { podAffinity: required(term('web')) } });
    expect(scores(web, { pods: [wants, needs] })).toEqual([0, 0, 100]);
    const args = { hardPodAffinityWeight: 10 };
    expect(scores(web, { pods: [wants, needs], args })).toEqual([100, 100, 0]);
    const ignoring = { ignorePreferredTermsOfExistingPods: true };
    expect(scores(web, { pods: [wants, needs], args: ignoring })).toEqual([0, 0, 0]);
  });
});
