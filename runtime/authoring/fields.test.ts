import { describe, expect, it } from 'vitest';
import { deployment, framesOf } from './temp-project.fakes.ts';

/** Mistakes in fields: what the schemas say, in the author's words, at the author's text. */
describe('a mistake in a field', () => {
  it('is an unknown field, with the one that was meant', async () => {
    const text = deployment(`{
        containers: [{ name: 'web', image: 'nginx', imagePullPolice: 'Always' }],
      }`);
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_UNKNOWN_FIELD: \`spec.template.spec.containers[0]\` has no field \`imagePullPolice\`
        shop › Deployment/web › spec.template.spec.containers[0].imagePullPolice

        ❯ shop.ts:12:53
           11|       spec: {
           12|         containers: [{ name: 'web', image: 'nginx', imagePullPolice: 'Always' }],
             |                                                     ^^^^^^^^^^^^^^^
        help: did you mean \`imagePullPolicy\`?   slipway explain deployment.spec.template.spec.containers"
    `);
  });

  it('is a value outside the list', async () => {
    const text = deployment(`{
        containers: [{ name: 'web', image: 'nginx' }],
        restartPolicy: 'always',
      }`);
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENUM: \`restartPolicy\` must be one of Always, OnFailure, Never; got "always"
        shop › Deployment/web › spec.template.spec.restartPolicy

        ❯ shop.ts:13:24
           12|         containers: [{ name: 'web', image: 'nginx' }],
           13|         restartPolicy: 'always',
             |                        ^^^^^^^^
        help: did you mean 'Always'?   slipway explain deployment.spec.template.spec.restartPolicy"
    `);
  });

  it('is a malformed quantity', async () => {
    const text = deployment(`{
        containers: [
          {
            name: 'web',
            image: 'nginx',
            resources: { limits: { memory: '1gib', cpu: 'much' } },
          },
        ],
      }`);
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_QUANTITY: \`limits[memory]\` must be a quantity such as 500m, 1.5Gi or 2; got "1gib"
        shop › Deployment/web › spec.template.spec.containers[0].resources.limits[memory]

        ❯ shop.ts:16:44
           15|             image: 'nginx',
           16|             resources: { limits: { memory: '1gib', cpu: 'much' } },
             |                                            ^^^^^^
        help: did you mean '1Gi'?   slipway explain deployment.spec.template.spec.containers.resources.limits

      error E_MANIFEST_QUANTITY: \`limits[cpu]\` must be a quantity such as 500m, 1.5Gi or 2; got "much"
        shop › Deployment/web › spec.template.spec.containers[0].resources.limits[cpu]

        ❯ shop.ts:16:57
           15|             image: 'nginx',
           16|             resources: { limits: { memory: '1gib', cpu: 'much' } },
             |                                                         ^^^^^^
        help: slipway explain deployment.spec.template.spec.containers.resources.limits"
    `);
  });

  it('is of the wrong type', async () => {
    const text = deployment(`{
        containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: '80' }] }],
        nodeSelector: ['disk'],
        hostname: 7,
      }`);
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_TYPE: \`containerPort\` must be an integer; got "80"
        shop › Deployment/web › spec.template.spec.containers[0].ports[0].containerPort

        ❯ shop.ts:12:78
           11|       spec: {
           12|         containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: '80' }] }],
             |                                                                              ^^^^
        help: write 80   slipway explain deployment.spec.template.spec.containers.ports.containerPort

      error E_MANIFEST_TYPE: \`nodeSelector\` must be an object; got ["disk"]
        shop › Deployment/web › spec.template.spec.nodeSelector

        ❯ shop.ts:13:23
           12|         containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: '80' }] }],
           13|         nodeSelector: ['disk'],
             |                       ^^^^^^^^
        help: slipway explain deployment.spec.template.spec.nodeSelector

      error E_MANIFEST_TYPE: \`hostname\` must be a string; got 7
        shop › Deployment/web › spec.template.spec.hostname

        ❯ shop.ts:14:19
           13|         nodeSelector: ['disk'],
           14|         hostname: 7,
             |                   ^
        help: write '7'   slipway explain deployment.spec.template.spec.hostname"
    `);
  });

  it('is missing, or empty', async () => {
    const text = `
import { Deployment } from 'slipway/apps/v1';
import { Pod } from 'slipway/core/v1';
export const web = new Deployment({ metadata: { name: 'web' }, spec: {} });
export const pod = new Pod({ metadata: { name: 'pod' }, spec: { containers: [] } });
`;
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_REQUIRED: \`selector\` is required in \`spec\`
        default › Deployment/web › spec.selector

        ❯ shop.ts:4:70
            3| import { Pod } from 'slipway/core/v1';
            4| export const web = new Deployment({ metadata: { name: 'web' }, spec: {} });
             |                                                                      ^^
        help: slipway explain deployment.spec.selector

      error E_MANIFEST_REQUIRED: \`template\` is required in \`spec\`
        default › Deployment/web › spec.template

        ❯ shop.ts:4:70
            3| import { Pod } from 'slipway/core/v1';
            4| export const web = new Deployment({ metadata: { name: 'web' }, spec: {} });
             |                                                                      ^^
        help: slipway explain deployment.spec.template

      error E_MANIFEST_REQUIRED: \`containers\` must not be empty
        default › Pod/pod › spec.containers

        ❯ shop.ts:5:77
            4| export const web = new Deployment({ metadata: { name: 'web' }, spec: {} });
            5| export const pod = new Pod({ metadata: { name: 'pod' }, spec: { containers: [] } });
             |                                                                             ^^
        help: slipway explain pod.spec.containers"
    `);
  });

  it('is out of range, a bad name, a bad key, or there twice', async () => {
    const text = `
import { ConfigMap, Pod } from 'slipway/core/v1';
export const config = new ConfigMap({
  metadata: { name: 'My_Config', labels: { 'bad key': 'x', tier: 'no spaces please' } },
  data: { 'a/b': 'x' },
});
export const pod = new Pod({
  metadata: { name: 'pod' },
  spec: {
    containers: [
      { name: 'a', image: 'i', ports: [{ containerPort: 99999 }] },
      { name: 'a', image: 'i' },
    ],
  },
});
`;
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_VALUE: \`name\` is not valid: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com'); got "My_Config"
        default › ConfigMap/My_Config › metadata.name

        ❯ shop.ts:4:21
            3| export const config = new ConfigMap({
            4|   metadata: { name: 'My_Config', labels: { 'bad key': 'x', tier: 'no spaces please' } },
             |                     ^^^^^^^^^^^
        help: did you mean 'my-config'?   slipway explain configmap.metadata.name

      error E_MANIFEST_VALUE: the key of \`labels\` is not valid: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName'); got "bad key"
        default › ConfigMap/My_Config › metadata.labels[bad key]

        ❯ shop.ts:4:44
            3| export const config = new ConfigMap({
            4|   metadata: { name: 'My_Config', labels: { 'bad key': 'x', tier: 'no spaces please' } },
             |                                            ^^^^^^^^^
        help: slipway explain configmap.metadata.labels

      error E_MANIFEST_VALUE: \`labels[tier]\` is not valid: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue'); got "no spaces please"
        default › ConfigMap/My_Config › metadata.labels[tier]

        ❯ shop.ts:4:66
            3| export const config = new ConfigMap({
            4|   metadata: { name: 'My_Config', labels: { 'bad key': 'x', tier: 'no spaces please' } },
             |                                                                  ^^^^^^^^^^^^^^^^^^
        help: slipway explain configmap.metadata.labels

      error E_MANIFEST_VALUE: the key of \`data\` is not valid: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name'); got "a/b"
        default › ConfigMap/My_Config › data[a/b]

        ❯ shop.ts:5:11
            4|   metadata: { name: 'My_Config', labels: { 'bad key': 'x', tier: 'no spaces please' } },
            5|   data: { 'a/b': 'x' },
             |           ^^^^^
        help: slipway explain configmap.data

      error E_MANIFEST_VALUE: \`containerPort\` is not valid: must be between 1 and 65535, inclusive; got 99999
        default › Pod/pod › spec.containers[0].ports[0].containerPort

        ❯ shop.ts:11:57
           10|     containers: [
           11|       { name: 'a', image: 'i', ports: [{ containerPort: 99999 }] },
             |                                                         ^^^^^
        help: slipway explain pod.spec.containers.ports.containerPort

      error E_MANIFEST_DUPLICATE_ITEM: \`name\` is there twice: "a"
        default › Pod/pod › spec.containers[1].name

        ❯ shop.ts:12:15
           11|       { name: 'a', image: 'i', ports: [{ containerPort: 99999 }] },
           12|       { name: 'a', image: 'i' },
             |               ^^^
        help: slipway explain pod.spec.containers.name"
    `);
  });

  it('is a value that JSON cannot hold', async () => {
    const text = `
import { ConfigMap } from 'slipway/core/v1';
const round: Record<string, unknown> = {};
round.itself = round;
const odd: Record<string, never> = {
  call: (() => 1) as never,
  nothing: Number.NaN as never,
  large: 1n as never,
  mark: Symbol('m') as never,
  round: round as never,
  map: new Map() as never,
  time: new Date(0) as never,
};
export const config = new ConfigMap({ metadata: { name: 'odd' }, data: odd });
`;
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_TYPE: \`data[round]\` must be a string; got {}
        default › ConfigMap/odd › data[round]

        ❯ shop.ts:3:40
            2| import { ConfigMap } from 'slipway/core/v1';
            3| const round: Record<string, unknown> = {};
             |                                        ^^
        help: slipway explain configmap.data

      error E_MANIFEST_JSON: \`data.call\` is the function call, which JSON cannot hold
        default › ConfigMap/odd › data.call

        ❯ shop.ts:6:9
            5| const odd: Record<string, never> = {
            6|   call: (() => 1) as never,
             |         ^^^^^^^^^^^^^^^^^^
        help: write a text, number, boolean, list or object

      error E_MANIFEST_JSON: \`data.nothing\` is NaN, which JSON cannot hold
        default › ConfigMap/odd › data.nothing

        ❯ shop.ts:7:12
            6|   call: (() => 1) as never,
            7|   nothing: Number.NaN as never,
             |            ^^^^^^^^^^^^^^^^^^^
        help: write a text, number, boolean, list or object

      error E_MANIFEST_JSON: \`data.large\` is a bigint, which JSON cannot hold
        default › ConfigMap/odd › data.large

        ❯ shop.ts:8:10
            7|   nothing: Number.NaN as never,
            8|   large: 1n as never,
             |          ^^^^^^^^^^^
        help: write a text, number, boolean, list or object

      error E_MANIFEST_JSON: \`data.mark\` is a symbol, which JSON cannot hold
        default › ConfigMap/odd › data.mark

        ❯ shop.ts:9:9
            8|   large: 1n as never,
            9|   mark: Symbol('m') as never,
             |         ^^^^^^^^^^^^^^^^^^^^
        help: write a text, number, boolean, list or object

      error E_MANIFEST_JSON: \`data.round.itself\` is a value that contains itself, which JSON cannot hold
        default › ConfigMap/odd › data.round.itself

        ❯ shop.ts:10:10
            9|   mark: Symbol('m') as never,
           10|   round: round as never,
             |          ^^^^^^^^^^^^^^
        help: write a text, number, boolean, list or object

      error E_MANIFEST_JSON: \`data.map\` is a Map, which JSON cannot hold
        default › ConfigMap/odd › data.map

        ❯ shop.ts:11:8
           10|   round: round as never,
           11|   map: new Map() as never,
             |        ^^^^^^^^^^^^^^^^^^
        help: write a text, number, boolean, list or object"
    `);
  });

  it('does not hide others: types, schemas and syntax are reported together, each once', async () => {
    const shop = deployment(`{
        containers: [{ name: 'web', image: 'nginx', colour: 'blue' }],
        restartPolicy: 'Sometimes',
      }`);
    const types = `${shop}\nexport const wrong: number = 'text';\n`;
    expect(await framesOf({ 'a.ts': types, 'b.ts': 'export const = 1;' })).toMatchInlineSnapshot(`
      "error E_MANIFEST_UNKNOWN_FIELD: \`spec.template.spec.containers[0]\` has no field \`colour\`
        shop › Deployment/web › spec.template.spec.containers[0].colour

        ❯ a.ts:12:53
           11|       spec: {
           12|         containers: [{ name: 'web', image: 'nginx', colour: 'blue' }],
             |                                                     ^^^^^^
        help: slipway explain deployment.spec.template.spec.containers

      error E_MANIFEST_ENUM: \`restartPolicy\` must be one of Always, OnFailure, Never; got "Sometimes"
        shop › Deployment/web › spec.template.spec.restartPolicy

        ❯ a.ts:13:24
           12|         containers: [{ name: 'web', image: 'nginx', colour: 'blue' }],
           13|         restartPolicy: 'Sometimes',
             |                        ^^^^^^^^^^^
        help: slipway explain deployment.spec.template.spec.restartPolicy

      error E_MANIFEST_TYPE: Type 'string' is not assignable to type 'number' (TS2322)

        ❯ a.ts:19:14
           18|
           19| export const wrong: number = 'text';
             |              ^^^^^

      error E_MANIFEST_PARSE: Variable declaration expected

        ❯ b.ts:1:14
            1| export const = 1;
             |              ^
        help: mend the syntax at the mark"
    `);
  });

  it('of the compiler alone names object and field', async () => {
    const text = `
import { ConfigMap } from 'slipway/core/v1';
function label(text: 'a' | 'b'): string { return text; }
const loose: string = 'c';
export const config = new ConfigMap({
  metadata: { name: 'c', labels: { tier: label(loose) } },
});
`;
    expect(await framesOf({ 'shop.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_TYPE: Argument of type 'string' is not assignable to parameter of type '"a" | "b"' (TS2345)
        default › ConfigMap/c › metadata.labels.tier

        ❯ shop.ts:6:48
            5| export const config = new ConfigMap({
            6|   metadata: { name: 'c', labels: { tier: label(loose) } },
             |                                                ^^^^^"
    `);
  });
});
