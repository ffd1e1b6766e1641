import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../meta/index.ts';
import { warningsOfKind } from './index.ts';

const object = (fields: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'a', ...metadata }, ...fields }) as KubeObject;
const warn = (kind: string, now: KubeObject, old?: KubeObject) => warningsOfKind(kind)!(now, old);
const pod = (spec: object, metadata: object = {}) => object({ spec }, metadata);
const container = (more: object) => ({ containers: [{ name: 'main', image: 'i', ...more }] });

describe('warnings of pods', () => {
  it('are of what has other names today, or no effect', () => {
    const spec = {
      nodeSelector: { 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/os': 'linux' },
      hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }],
      volumes: [
        { name: 'g', gitRepo: { repository: 'r' } },
        { name: 'e', emptyDir: {} },
      ],
      imagePullSecrets: [{ name: 'a' }, {}],
      terminationGracePeriodSeconds: -1,
      ...container({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
          { name: 'A', value: '$(A):3' },
        ],
        ports: [
          { containerPort: 80 },
          { containerPort: 80, protocol: 'TCP' },
          { containerPort: 81 },
        ],
        resources: { requests: { memory: '100m', cpu: '100m' }, limits: { memory: '1000m' } },
      }),
    };
    const annotations = { 'scheduler.alpha.kubernetes.io/critical-pod': '' };
    expect(warn('pods', pod(spec, { name: 'a.b', annotations }))).toMatchInlineSnapshot(`
      [
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
        "metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead",
        "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead",
        "spec.hostAliases[1].ip: duplicate ip "1.1.1.1"",
        "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
        "spec.imagePullSecrets[1].name: invalid empty name """,
        "spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer",
        "spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply",
        "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
        "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
      ]
    `);
  });

  it('are not given for what was there before', () => {
    const spec = container({ env: [{ name: 'A' }, { name: 'A' }] });
    const before = pod(spec);
    expect(warn('pods', before)).toHaveLength(1);
    expect(warn('pods', pod(spec, { labels: { a: 'b' } }), before)).toEqual([]);
    expect(warn('pods', pod({ ...spec }), before)).toHaveLength(1);
  });

  it('come from templates at their place', () => {
    const spec = container({ resources: { limits: { memory: '1m' } } });
    const what = 'fractional byte value "1m" is invalid, must be an integer';
    const at = (path: string) => [`${path}.spec.containers[0].resources.limits[memory]: ${what}`];
    expect(warn('deployments.apps', object({ spec: { template: { spec } } }))).toEqual(
      at('spec.template'),
    );
    const nested = { spec: { jobTemplate: { spec: { template: { spec } } } } };
    expect(warn('cronjobs.batch', object(nested))).toEqual(at('spec.jobTemplate.spec.template'));
  });
});

describe('warnings of other kinds', () => {
  it('are of fields that their type leaves without effect', () => {
    const service = object({ spec: { clusterIP: 'None', externalName: 'x', type: 'ClusterIP' } });
    expect(warn('services', service)).toEqual([
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ]);
    const volume = object({ spec: { persistentVolumeReclaimPolicy: 'Recycle' } });
    expect(warn('persistentvolumes', volume)).toHaveLength(1);
    expect(warn('persistentvolumes', volume, volume)).toEqual([]);
  });

  it('are of annotations that became fields', () => {
    const ingress = object({}, { annotations: { 'kubernetes.io/ingress.class': 'x' } });
    expect(warn('ingresses.networking.k8s.io', ingress)).toEqual([
      `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
    ]);
  });

  it('are of ways to reach a service that are on their way out', () => {
    const said = (spec: object) => warn('services', object({ spec }));
    const externalIPs = ['1.2.3.4'];
    expect(said({ type: 'LoadBalancer', externalIPs, trafficDistribution: 'PreferClose' })).toEqual(
      [
        'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
        'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
      ],
    );
    expect(said({ type: 'ExternalName', externalIPs })).toEqual([
      'spec.externalIPs is ignored when spec.type is "ExternalName"',
    ]);
    expect(said({ type: 'ClusterIP', clusterIP: 'None', externalIPs })).toEqual([
      'spec.externalIPs is ignored for headless services',
    ]);
  });

  it('are of certificates that are none', () => {
    const pem = (kind: string) =>
      Buffer.from(`-----BEGIN ${kind}-----\nAA==\n-----END ${kind}-----\n`).toString('base64');
    const said = (data: object, type = 'kubernetes.io/tls') =>
      warn('secrets', object({ type, data }));
    const certificate = { 'tls.crt': pem('CERTIFICATE') };
    expect(said({})).toEqual(['tls: failed to find any PEM data in certificate input']);
    expect(said(certificate)).toEqual(['tls: failed to find any PEM data in key input']);
    expect(said({ ...certificate, 'tls.key': pem('PRIVATE KEY') })).toEqual([]);
    expect(said({}, 'Opaque')).toEqual([]);
  });

  it('are of drivers that are given tokens and do not say where, when they come to be so', () => {
    const driver = (more: object) =>
      object({ spec: { tokenRequests: [{ audience: 'a' }], ...more } });
    const kind = 'csidrivers.storage.k8s.io';
    expect(warn(kind, driver({}))).toHaveLength(1);
    expect(warn(kind, driver({ serviceAccountTokenInSecrets: false }))).toEqual([]);
    expect(warn(kind, driver({ tokenRequests: [] }))).toEqual([]);
    expect(warn(kind, driver({ podInfoOnMount: true }), driver({}))).toEqual([]);
  });
});
