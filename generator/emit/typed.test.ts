import { describe, expect, it } from 'vitest';
import { schemaDocs } from '../../generated/registry.ts';
import { TypeChecker } from './type-check.fakes.ts';

/**
 * The classes as the author of a manifest meets them: what the compiler refuses, what it takes without a cast, and what
 * hovering says. A manifest of its own imports `slipway/core/v1`, which is `generated/core/v1/index.ts`.
 */
const checker = new TypeChecker();
const PATH = 'generated/manifest.ts';
const IMPORTS = `import { Deployment, ReplicaSet, StatefulSet } from './apps/v1/index.ts';
import { ConfigMap, Namespace, Node, Pod, Secret, Service, configKey, quantity, refTo, secretKey, envFromConfig,
  type Container, type EnvVar, type PodSpec, type Quantity, type ResourceRequirements } from './core/v1/index.ts';
`;
const HEAD = 3;

/** Errors of a manifest whose text begins on line 1. */
function errorsOf(text: string): string[] {
  return checker
    .errorsOf(PATH, `${IMPORTS}${text}`)
    .map((error) => error.replace(/^\d+/, (line) => String(Number(line) - HEAD)));
}

/** A pod whose only container has \`fields\` beside its name. */
const container = (fields: string): string =>
  `export const pod = new Pod({ metadata: { name: 'a' }, spec: { containers: [{ name: 'a', ${fields} }] } });`;

describe('the compiler refuses', () => {
  const cases: readonly [string, string, RegExp][] = [
    ['an excess field', container("imagee: 'x'"), /'imagee' does not exist in type 'Container'/],
    [
      'an excess field at the top',
      "export const n = new Namespace({ metadata: { name: 'a' }, sepc: {} });",
      /'sepc' does not exist/,
    ],
    [
      'an excess field of metadata',
      "export const n = new Namespace({ metadata: { name: 'a', lables: {} } });",
      /'lables' does not exist/,
    ],
    [
      'a field of another kind',
      "export const c = new ConfigMap({ metadata: { name: 'a' }, stringData: { a: 'b' } });",
      /'stringData' does not exist/,
    ],
    [
      'apiVersion and kind, which the class says',
      "export const n = new Namespace({ kind: 'Namespace', metadata: { name: 'a' } });",
      /'kind' does not exist/,
    ],
    [
      'a missing required field',
      "export const p = new Pod({ metadata: { name: 'a' }, spec: { containers: [{ image: 'x' }] } });",
      /Property 'name' is missing/,
    ],
    [
      'a spec without what it needs',
      "export const d = new Deployment({ metadata: { name: 'a' }, spec: { replicas: 1 } });",
      /missing the following properties from type 'DeploymentSpec': selector, template/,
    ],
    [
      'no spec where an empty one would be refused',
      "export const p = new Pod({ metadata: { name: 'a' } });",
      /not assignable to parameter of type 'Init<Pod, "spec">'/,
    ],
    [
      'no name',
      'export const n = new Namespace({ metadata: { labels: {} } });',
      /'\{ labels: \{\}; \}' is not assignable to type 'Named<ObjectMeta>'/,
    ],
    ['no metadata', 'export const n = new Namespace({});', /not assignable to parameter/],
    [
      'a wrong enum',
      container("imagePullPolicy: 'always'"),
      /'"always"' is not assignable to type '"Always" \| "IfNotPresent" \| "Never"/,
    ],
    ['a number for a text', container('image: 5'), /'number' is not assignable to type 'string'/],
    [
      'a text for a number',
      container("ports: [{ containerPort: '80' }]"),
      /'string' is not assignable to type 'number'/,
    ],
    ['null', container('image: null'), /'null' is not assignable to type 'string'/],
    ...['12Q', '1.5 Gi', ' 1', '1 ', '', 'Mi', '1e3Mi', '1,5', '1GI', '10mb', 'Infinity'].map(
      (amount): [string, string, RegExp] => [
        `the quantity '${amount}'`,
        container(`resources: { requests: { memory: '${amount}' } }`),
        /is not assignable to type 'Quantity'/,
      ],
    ),
    [
      'a key that a ConfigMap does not have',
      "const c = new ConfigMap({ metadata: { name: 'a' }, data: { mode: 'on' } });\n" +
        "export const key = configKey(c, 'mood');",
      /'"mood"' is not assignable to parameter of type '"mode"'/,
    ],
    [
      'a key that a Secret does not have',
      "const s = new Secret({ metadata: { name: 'a' }, data: { a: 'AA==' }, stringData: { b: '' } });\n" +
        "export const keys = [secretKey(s, 'a'), secretKey(s, 'b'), secretKey(s, 'c')];",
      /'"c"' is not assignable to parameter of type '"a" \| "b"'/,
    ],
    [
      'a change of what is made',
      "const n = new Namespace({ metadata: { name: 'a' } });\nn.metadata = { name: 'b' };",
      /'metadata' because it is a read-only property/,
    ],
  ];

  it.each(cases)('%s', (_, text, message) => {
    const errors = errorsOf(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
  });
});

describe('the compiler takes', () => {
  const cases: readonly [string, string][] = [
    [
      'a whole application without a cast',
      `const labels = { app: 'shop' };
const settings = new ConfigMap({ metadata: { name: 'settings' }, data: { mode: 'on', level: 'info' } });
const login = new Secret({ metadata: { name: 'login' }, stringData: { user: 'a' } });
const env: EnvVar[] = [
  { name: 'MODE', valueFrom: configKey(settings, 'mode') },
  { name: 'USER', valueFrom: secretKey(login, 'user') },
];
export const web = new Deployment({
  metadata: { name: 'web', labels },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'shop/web:1',
            env,
            envFrom: [envFromConfig(settings)],
            ports: [{ name: 'http', containerPort: 8080 }],
            resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: 1, memory: '1.05Gi' } },
            readinessProbe: { httpGet: { path: '/', port: 'http' } },
          },
        ],
        volumes: [{ name: 'settings', configMap: refTo(settings) }],
      },
    },
  },
});
export const service = new Service({
  metadata: { name: 'web' },
  spec: { selector: web.spec.selector.matchLabels ?? {}, ports: [{ port: 80, targetPort: 'http' }] },
});
export const all = [web, service, settings, login];`,
    ],
    [
      'pieces from helpers, spread and mapped',
      `const small: ResourceRequirements = { requests: { cpu: '100m', memory: '64Mi' } };
const sized = (mebibytes: number): ResourceRequirements => ({ limits: { memory: quantity(mebibytes, 'Mi') } });
const sidecar = (name: string, extra: Partial<Container> = {}): Container => ({ name, image: 'side', ...extra });
const base: PodSpec = { containers: [sidecar('a', { resources: small })], restartPolicy: 'Always' };
const spec = (): PodSpec => ({ ...base, containers: [...base.containers, sidecar('b', { resources: sized(64) })] });
export const pods = ['x', 'y'].map((name) => new Pod({ metadata: { name }, spec: spec() }));
export const nodes = Array.from({ length: 3 }, (_, at) => new Node({ metadata: { name: \`node-\${at}\` } }));`,
    ],
    [
      'the start of a name',
      "export const p = new Pod({ metadata: { generateName: 'a-' }, spec: { containers: [{ name: 'a' }] } });",
    ],
    [
      'a selector that requires',
      `export const r = new ReplicaSet({ metadata: { name: 'a' }, spec: {
  selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] },
  template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a' }] } },
} });`,
    ],
    [
      'keys of data that only the program knows',
      `const data: Record<string, string> = {};
const c = new ConfigMap({ metadata: { name: 'a' }, data });
export const key = configKey(c, 'any');`,
    ],
    [
      'an object inside another that does not say what it is',
      `export const s = new StatefulSet({ metadata: { name: 'a' }, spec: { selector: {}, template: {},
  volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }] } });`,
    ],
    [
      'every way of writing a quantity',
      `export const amounts: Quantity[] = [1, 0.5, '0', '2', '-1', '1.5', '.5', '100m', '0.05', '1.005', '64Mi', '1.5Gi',
  '2k', '3M', '1e3', '1E6', '1e-3', quantity(0.5), quantity(12, 'Gi')];`,
    ],
  ];

  it.each(cases)('%s', (_, text) => {
    expect(errorsOf(text)).toEqual([]);
  });
});

describe('hovering', () => {
  const hover = (text: string): string => checker.hover(PATH, `${IMPORTS}${text}`);

  const cases: readonly [string, string, string][] = [
    ['a field', container("ima|ge: 'x'"), 'core/v1.Container.image'],
    [
      'a field below',
      container("resources: { requ|ests: { cpu: '1' } }"),
      'core/v1.ResourceRequirements.requests',
    ],
    [
      'a field in a helper',
      "export const c: Partial<Container> = { ima|ge: 'x' };",
      'core/v1.Container.image',
    ],
    [
      'a field of metadata',
      "export const n = new Namespace({ metadata: { na|me: 'a' } });",
      'meta/v1.ObjectMeta.name',
    ],
    [
      'a field of the root',
      "export const n = new Namespace({ meta|data: { name: 'a' } });",
      'core/v1.Namespace.metadata',
    ],
    [
      'a field that is read',
      'declare const d: Deployment;\nexport const n = d.spec.template.me|tadata;',
      'core/v1.PodTemplateSpec.metadata',
    ],
  ];

  it.each(cases)('shows the text of %s', (_, text, key) => {
    expect(schemaDocs()[key]).toMatch(/\w/);
    expect(hover(text)).toBe(schemaDocs()[key]);
  });
});
