import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../generated/registry.ts';
import { CELLS } from './cells.ts';
import type { KubeObject } from './object.ts';
import { tableColumns, tableRow } from './table.ts';
import { formatTime } from './time.ts';

const NOW = Date.parse('2026-01-10T12:00:00Z');
const ago = (seconds: number): string => formatTime(NOW - seconds * 1000);

/** The wide row of an object, by the names of the columns. */
function rowOf(kind: string, object: object): Record<string, string> {
  const descriptor = schemaSet.kinds.find((each) => each.kind === kind)!;
  const whole = { metadata: { name: 'x', creationTimestamp: ago(65) }, ...object } as KubeObject;
  const cells = tableRow(descriptor, whole, NOW);
  return Object.fromEntries(tableColumns(descriptor).map(({ name }, at) => [name, cells[at]!]));
}

/** A pod's cells: containers as `ready` or a state. */
type State = object | 'ready';
function pod(
  spec: object,
  { init = [], main = [], ...status }: Record<string, unknown> & { init?: State[]; main?: State[] },
  metadata = {},
) {
  const statusOf = (state: State, at: number): object => ({
    name: `c${at}`,
    restartCount: 0,
    ...(state === 'ready' ? { ready: true, started: true, state: { running: {} } } : state),
  });
  const { Ready, Status, Restarts } = rowOf('Pod', {
    metadata: { name: 'p', ...metadata },
    spec: { containers: [{ name: 'c0' }], ...spec },
    status: {
      phase: 'Running',
      initContainerStatuses: init.map(statusOf),
      containerStatuses: main.map(statusOf),
      ...status,
    },
  });
  return [Ready, Status, Restarts].join(' ');
}

describe('the row of a pod', () => {
  const waiting = (reason: string) => ({ state: { waiting: { reason } } });
  const ended = (exitCode: number, more = {}) => ({ state: { terminated: { exitCode, ...more } } });

  it('says what the containers do', () => {
    expect(pod({}, { main: ['ready'] })).toBe('1/1 Running 0');
    expect(pod({}, { main: [waiting('CrashLoopBackOff')] })).toBe('0/1 CrashLoopBackOff 0');
    expect(pod({}, { main: [ended(0, { reason: 'Completed' })], phase: 'Succeeded' })).toBe(
      '0/1 Completed 0',
    );
    expect(pod({}, { main: [ended(137, { signal: 9 })] })).toBe('0/1 Signal:9 0');
    expect(pod({}, { main: [ended(3)] })).toBe('0/1 ExitCode:3 0');
    expect(pod({}, { reason: 'Evicted', phase: 'Failed' })).toBe('0/1 Evicted 0');
  });

  it('says how far its init containers are', () => {
    const spec = { initContainers: [{ name: 'c0' }, { name: 'c1' }] };
    expect(pod(spec, { init: [ended(0), waiting('PodInitializing')] })).toBe('0/1 Init:1/2 0');
    expect(pod(spec, { init: [waiting('ImagePullBackOff')] })).toBe('0/1 Init:ImagePullBackOff 0');
    expect(pod(spec, { init: [ended(1, { reason: 'Error' })] })).toBe('0/1 Init:Error 0');
    expect(pod(spec, { init: [ended(2)] })).toBe('0/1 Init:ExitCode:2 0');
    expect(pod(spec, { init: [ended(0), ended(0)], main: ['ready'] })).toBe('1/1 Running 0');
    const done = [{ type: 'Initialized', status: 'True' }];
    expect(pod(spec, { init: [waiting('Lost')], main: ['ready'], conditions: done })).toBe(
      '1/1 Init:Lost 0',
    );
  });

  it('counts sidecars that run among the containers', () => {
    const spec = { initContainers: [{ name: 'c0', restartPolicy: 'Always' }] };
    expect(pod(spec, { init: ['ready'], main: ['ready'] })).toBe('2/2 Running 0');
    expect(
      pod(spec, {
        init: [{ started: true, ready: false, state: { running: {} } }],
        main: ['ready'],
      }),
    ).toBe('1/2 Running 0');
    expect(pod(spec, { init: [{ started: false }] })).toBe('0/2 Init:0/1 0');
  });

  it('does not hide a running container behind a completed one', () => {
    const main = [ended(0, { reason: 'Completed' }), 'ready' as const];
    const spec = { containers: [{ name: 'c0' }, { name: 'c1' }] };
    expect(pod(spec, { main })).toBe('1/2 NotReady 0');
    expect(pod(spec, { main, conditions: [{ type: 'Ready', status: 'True' }] })).toBe(
      '1/2 Running 0',
    );
  });

  it('says why it waits, and that it goes', () => {
    const gated = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }];
    expect(pod({}, { phase: 'Pending', conditions: gated })).toBe('0/1 SchedulingGated 0');
    const deleted = { deletionTimestamp: ago(1) };
    expect(pod({}, { main: ['ready'] }, deleted)).toBe('1/1 Terminating 0');
    expect(pod({}, { phase: 'Failed', reason: 'Error' }, deleted)).toBe('0/1 Error 0');
    expect(pod({}, { reason: 'NodeLost' }, deleted)).toBe('0/1 Unknown 0');
  });

  it('dates the last restart', () => {
    const restarted = (restartCount: number, seconds: number) => ({
      ready: true,
      restartCount,
      state: { running: {} },
      lastState: { terminated: { exitCode: 1, finishedAt: ago(seconds) } },
    });
    const spec = { containers: [{ name: 'c0' }, { name: 'c1' }] };
    expect(pod(spec, { main: [restarted(2, 300), restarted(1, 10)] })).toBe(
      '2/2 Running 3 (10s ago)',
    );
    expect(pod(spec, { main: [{ ready: false, restartCount: 4 }] })).toBe('0/2 Running 4');
  });

  it('has the wide columns', () => {
    expect(
      rowOf('Pod', {
        spec: {
          containers: [],
          nodeName: 'n',
          readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }],
        },
        status: { podIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'a', status: 'True' }] },
      }),
    ).toMatchObject({
      Age: '65s',
      IP: '10.0.0.1',
      Node: 'n',
      'Nominated Node': '<none>',
      'Readiness Gates': '1/2',
    });
  });
});

describe('the rows of other kinds', () => {
  it('of a node', () => {
    expect(
      rowOf('Node', {
        metadata: {
          name: 'n',
          labels: {
            'node-role.kubernetes.io/worker': '',
            'kubernetes.io/role': 'edge',
            'node-role.kubernetes.io/': 'x',
          },
        },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'False' }],
          addresses: [{ type: 'InternalIP', address: '10.0.0.9' }],
          nodeInfo: { kubeletVersion: 'v1.36.0', osImage: 'Slip' },
        },
      }),
    ).toEqual({
      Name: 'n',
      Status: 'NotReady,SchedulingDisabled',
      Roles: 'edge,worker',
      Age: '<unknown>',
      Version: 'v1.36.0',
      'Internal-IP': '10.0.0.9',
      'External-IP': '<none>',
      'OS-Image': 'Slip',
      'Kernel-Version': '<unknown>',
      'Container-Runtime': '<unknown>',
    });
  });

  it('of services', () => {
    const ports = [
      { port: 80, nodePort: 30080, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ];
    const shown = (spec: object, status = {}): string => {
      const row = rowOf('Service', { spec: { clusterIP: '10.96.0.1', ports, ...spec }, status });
      return [row['External-IP'], row['Port(s)'], row.Selector].join(' ');
    };
    expect(shown({ type: 'NodePort' })).toBe('<none> 80:30080/TCP,53/UDP <none>');
    expect(shown({ type: 'LoadBalancer', selector: { b: '1', a: '2' } })).toBe(
      '<pending> 80:30080/TCP,53/UDP a=2,b=1',
    );
    const loadBalancer = { ingress: [{ ip: '1.2.3.4' }, { hostname: 'lb.test' }] };
    expect(
      shown({ type: 'LoadBalancer', externalIPs: ['5.6.7.8'], ports: [] }, { loadBalancer }),
    ).toBe('1.2.3.4,lb.test,5.6.7.8 <none> <none>');
    expect(shown({ type: 'ExternalName', externalName: 'db.test', ports: [] })).toBe(
      'db.test <none> <none>',
    );
  });

  it('of workloads', () => {
    const template = {
      spec: {
        containers: [
          { name: 'a', image: 'i:1' },
          { name: 'b', image: 'j:1' },
        ],
      },
    };
    expect(
      rowOf('Deployment', {
        spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template },
        status: { readyReplicas: 1, updatedReplicas: 2 },
      }),
    ).toMatchObject({
      Ready: '1/3',
      'Up-to-date': '2',
      Available: '0',
      Containers: 'a,b',
      Images: 'i:1,j:1',
      Selector: 'app=web',
    });
    expect(rowOf('ReplicaSet', { spec: { replicas: 2 }, status: { replicas: 1 } })).toMatchObject({
      Desired: '2',
      Current: '1',
      Ready: '0',
    });
  });

  it('of events, with what is known of the source', () => {
    const event = {
      involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{c}' },
      type: 'Warning',
      reason: 'BackOff',
      message: ' again\n',
      lastTimestamp: ago(30),
      firstTimestamp: ago(90),
      reportingComponent: 'kubelet',
      reportingInstance: 'n1',
    };
    expect(rowOf('Event', event)).toMatchObject({
      'Last Seen': '30s',
      'First Seen': '90s',
      Object: 'pod/p',
      Subobject: 'spec.containers{c}',
      Source: 'kubelet, n1',
      Message: 'again',
      Count: '1',
    });
    const series = { count: 7, lastObservedTime: ago(5) };
    expect(rowOf('Event', { ...event, series })).toMatchObject({ 'Last Seen': '5s', Count: '7' });
    const { involvedObject: regarding, message: note, ...rest } = event;
    const { lastTimestamp, firstTimestamp, reportingComponent, ...same } = rest;
    const renamed = {
      ...same,
      ...{ regarding, note, reportingController: reportingComponent },
      ...{ deprecatedLastTimestamp: lastTimestamp, deprecatedFirstTimestamp: firstTimestamp },
    };
    expect(rowOf('Event', renamed)).toEqual(rowOf('Event', event));
  });

  it('of what holds data', () => {
    expect(rowOf('ConfigMap', { data: { a: '', b: '' }, binaryData: { c: '' } }).Data).toBe('3');
    expect(rowOf('Secret', { type: 'Opaque', data: { a: '' } })).toMatchObject({
      Type: 'Opaque',
      Data: '1',
    });
    expect(rowOf('ServiceAccount', { secrets: [{}, {}] }).Secrets).toBe('2');
  });

  it('of an endpoint slice, at most three of each', () => {
    const endpoints = ['1', '2', '3', '4', '5'].map((address) => ({ addresses: [address] }));
    expect(rowOf('EndpointSlice', { addressType: 'IPv4', ports: [{}], endpoints })).toMatchObject({
      Ports: '*',
      Endpoints: '1,2,3 + 2 more...',
    });
    expect(rowOf('EndpointSlice', {})).toMatchObject({ Ports: '<unset>', Endpoints: '<unset>' });
  });

  it('of a kind that declares no columns', () => {
    const descriptor = { ...schemaSet.kinds[0]!, printerColumns: [] };
    const object = {
      apiVersion: 'v1',
      kind: 'X',
      metadata: { name: 'x', creationTimestamp: ago(7200) },
    };
    expect(tableColumns(descriptor).map(({ name }) => name)).toEqual(['Name', 'Age']);
    expect(tableRow(descriptor, object, NOW)).toEqual(['x', '120m']);
  });
});

describe('printer columns of all schemas', () => {
  it('name only functions that exist, and paths of some kind', () => {
    const unknown = schemaSet.kinds.flatMap(({ kind, printerColumns }) =>
      printerColumns
        .filter(({ value, path }) => (value === undefined ? path === undefined : !(value in CELLS)))
        .map(({ name }) => `${kind}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
