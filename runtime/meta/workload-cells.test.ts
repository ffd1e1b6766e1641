import { describe, expect, it } from 'vitest';
import { CELLS } from './cells.ts';
import type { KubeObject } from './object.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');
const cell = (name: string, object: object): string =>
  CELLS[name]!({ metadata: {}, ...object } as KubeObject, NOW);
const holding = (...types: string[]) => ({
  status: { conditions: types.map((type) => ({ type, status: 'True' })) },
});

describe('cells of jobs', () => {
  it('tell the state by what has happened last', () => {
    const state = (object: object): string => cell('jobStatus', object);
    expect(state({})).toBe('Running');
    expect(state(holding('Suspended', 'SuccessCriteriaMet'))).toBe('Suspended');
    expect(state(holding('FailureTarget', 'Failed'))).toBe('Failed');
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    expect(state({ ...holding('Suspended'), metadata })).toBe('Terminating');
    expect(state({ ...holding('Complete'), metadata })).toBe('Complete');
  });

  it('count successes of those needed, and the time', () => {
    const done = { status: { succeeded: 2, startTime: '2026-01-01T00:00:00Z' } };
    expect(cell('jobCompletions', { ...done, spec: { completions: 3 } })).toBe('2/3');
    expect(cell('jobCompletions', { ...done, spec: { parallelism: 4 } })).toBe('2/1 of 4');
    expect([cell('jobDuration', done), cell('jobDuration', {})]).toEqual(['60m', '']);
  });
});

describe('cells of autoscalers', () => {
  const targets = (metric: object, current?: object): string =>
    cell('autoscalerTargets', {
      spec: { metrics: [metric] },
      status: { currentMetrics: current ? [current] : [] },
    });

  it('show each metric as its source counts it', () => {
    const resource = { name: 'cpu', target: { averageUtilization: 80 } };
    expect(targets({ resource })).toBe('cpu: <unknown>/80%');
    const used = { resource: { name: 'cpu', current: { averageUtilization: 50 } } };
    expect(targets({ resource }, used)).toBe('cpu: 50%/80%');
    const external = { target: { averageValue: '30' } };
    expect(targets({ external }, { external: { current: { averageValue: '9' } } })).toBe(
      '9/30 (avg)',
    );
    const object = { target: { value: '10k' } };
    expect(targets({ object }, { object: { current: { value: '3k' } } })).toBe('3k/10k');
    expect(cell('autoscalerTargets', { spec: {} })).toBe('<none>');
  });
});

describe('the controller of a revision', () => {
  it('is the owner that controls it, with its group', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', controller: true };
    const of = (...ownerReferences: object[]) =>
      cell('revisionController', { metadata: { ownerReferences } });
    expect([of(owner), of({ ...owner, controller: false })]).toEqual([
      'daemonset.apps/d',
      '<none>',
    ]);
  });
});
