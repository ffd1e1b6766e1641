import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Shell } from './cli.fakes.ts';

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly fieldPath: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly related?: readonly { message: string; line: number; column: number }[];
}

const HEAD = `
import { Cluster } from 'slipway/cluster/v1';
import { Deployment, StatefulSet } from 'slipway/apps/v1';
import { CronJob, Job } from 'slipway/batch/v1';
import { ConfigMap, LimitRange, PersistentVolumeClaim, Service } from 'slipway/core/v1';
import { Ingress } from 'slipway/networking/v1';
export const cluster = new Cluster({
  metadata: { name: 'default' },
  spec: { nodePools: [{ name: 'n', count: 2, capacity: { cpu: 4, memory: '8Gi' } }] },
});
const web = (spec: object, container: object = {}) => new Deployment({
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'x', ...container }], ...spec },
    },
  },
});
`;

describe('the value that caused an outcome', () => {
  let shell: Shell;
  beforeEach(() => {
    shell = new Shell();
  });
  afterEach(() => shell.remove());

  /** What check foresees: code, and the text at its place and at those that belong to it. */
  async function foreseen(text: string): Promise<string[]> {
    const whole = HEAD + text;
    shell.write({ 'm/a.ts': whole });
    const { out } = await shell.run('check', 'm', '-o', 'json');
    const lines = whole.split('\n');
    const at = ({ line, column }: { line: number; column: number }): string =>
      lines[line - 1]!.slice(column - 1)
        .split(/[,}\])]/)[0]!
        .trim();
    return (JSON.parse(out) as Found[]).map(
      ({ code, related = [], ...found }) =>
        `${code} ${found.fieldPath}: ${[found, ...related].map(at).join(' < ')}`,
    );
  }

  const POD = 'spec.template.spec';

  it.each<[string, string, string]>([
    [
      'a key that a ConfigMap lacks',
      `const name = 'gone';
      export const config = new ConfigMap({ metadata: { name: 'cm' }, data: { a: '1' } });
      export const w = web({}, { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: name } } }] });`,
      `E_OUTCOME_CONTAINER ${POD}.containers[0].env[0].valueFrom.configMapKeyRef.key: 'gone';`,
    ],
    [
      'a Secret that is not there',
      `export const w = web({}, { envFrom: [{ secretRef: { name: 'gone' } }] });`,
      `E_OUTCOME_CONTAINER ${POD}.containers[0].envFrom[0].secretRef.name: 'gone'`,
    ],
    [
      'a claim of a class that does not exist, and its pod',
      `export const claim = new PersistentVolumeClaim({ metadata: { name: 'data' }, spec: {
        accessModes: ['ReadWriteOnce'], storageClassName: 'fancy', resources: { requests: { storage: '1Gi' } } } });
      export const w = web({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] });`,
      `E_OUTCOME_UNSCHEDULABLE ${POD}.volumes[0].persistentVolumeClaim.claimName: 'data' < 'fancy'`,
    ],
    [
      'a claim template of such a class',
      `export const s = new StatefulSet({ metadata: { name: 's' }, spec: { serviceName: 's', selector: { matchLabels: { app: 's' } },
        template: { metadata: { labels: { app: 's' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
        volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'],
          storageClassName: 'fancy', resources: { requests: { storage: '1Gi' } } } }] } });`,
      "E_OUTCOME_UNSCHEDULABLE spec.volumeClaimTemplates[0].spec.storageClassName: 'fancy'",
    ],
    [
      'a topology that no node has',
      `export const w = web({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }] });`,
      `E_OUTCOME_UNSCHEDULABLE ${POD}.topologySpreadConstraints[0].topologyKey: 'rack'`,
    ],
    [
      'a request that a limit range gave',
      `export const limits = new LimitRange({ metadata: { name: 'l' }, spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '64' } }] } });
      export const w = web({});`,
      `E_OUTCOME_UNSCHEDULABLE ${POD}.containers[0].resources.requests[cpu]: { name: 'c' < '64'`,
    ],
    [
      'a request that its limit gave',
      `export const w = web({}, { resources: { limits: { cpu: '65' } } });`,
      `E_OUTCOME_UNSCHEDULABLE ${POD}.containers[0].resources.limits[cpu]: '65'`,
    ],
    [
      'a deadline that ended a Job',
      `export const j = new Job({ metadata: { name: 'j' }, spec: { activeDeadlineSeconds: 10, template: { spec: {
        restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['sleep', '1000'] }] } } } });`,
      'E_OUTCOME_FAILED spec.activeDeadlineSeconds: 10',
    ],
    [
      'a container whose Job gives up',
      `export const j = new Job({ metadata: { name: 'j' }, spec: { template: { spec: {
        restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'exit 3'] }] } } } });`,
      `E_OUTCOME_FAILED ${POD}.containers[0]: { name: 'c'`,
    ],
    [
      'a Service that selects nothing',
      `export const w = web({});
      export const s = new Service({ metadata: { name: 's' }, spec: { selector: { app: 'wep' }, ports: [{ port: 80 }] } });`,
      "E_OUTCOME_ROUTE spec.selector[app]: 'wep'",
    ],
    [
      'a port that no container names',
      `export const w = web({}, { ports: [{ name: 'http', containerPort: 80 }] });
      export const s = new Service({ metadata: { name: 's' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'htpp' }] } });`,
      "E_OUTCOME_ROUTE spec.ports[0].targetPort: 'htpp'",
    ],
    [
      'a Service that an Ingress names',
      `const backend = (name: string, number: number) => ({ service: { name, port: { number } } });
      export const i = new Ingress({ metadata: { name: 'i' }, spec: { defaultBackend: backend('none', 80) } });`,
      "E_OUTCOME_ROUTE spec.defaultBackend.service.name: 'none'",
    ],
    [
      'a port that it does not have',
      `export const w = web({});
      export const s = new Service({ metadata: { name: 's' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
      export const i = new Ingress({ metadata: { name: 'i' }, spec: { rules: [{ http: { paths: [
        { path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 8080 } } } } ] } }] } });`,
      'E_OUTCOME_ROUTE spec.rules[0].http.paths[0].backend.service.port.number: 8080',
    ],
  ])('is %s', async (_, text, expected) => {
    expect(await foreseen(text)).toEqual([expected]);
  });

  it('is none where a Service waits for pods of a workload that has none yet', async () => {
    const text = `export const c = new CronJob({ metadata: { name: 'c' }, spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: {
      template: { metadata: { labels: { app: 'c' } }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } } } } });
    export const s = new Service({ metadata: { name: 's' }, spec: { selector: { app: 'c' }, ports: [{ port: 80 }] } });`;
    expect(await foreseen(text)).toEqual([]);
  });
});
