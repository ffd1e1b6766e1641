import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCluster } from '../../cluster/index.ts';
import { formatFindings } from '../frame.ts';
import { openStaticPods, type StaticPodFolder } from './index.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: main
      image: agent:1
`;

let folder: string;
let pods: StaticPodFolder;
let client: Parameters<StaticPodFolder['read']>[0];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-static-'));
  pods = openStaticPods(folder, folder);
  client = (await createCluster()).client;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const names = async (): Promise<(string | undefined)[]> =>
  (await pods.read(client)).pods.map(({ metadata }) => metadata.name);
const frames = async (): Promise<string> =>
  formatFindings((await pods.read(client)).findings, pods.sourceText);

describe('a folder of static pods', () => {
  it('holds pods as YAML, as JSON and in lists, with their defaults', async () => {
    write('b.yaml', POD);
    write(
      'a.json',
      JSON.stringify({
        kind: 'PodList',
        apiVersion: 'v1',
        items: [{ metadata: { name: 'x' }, spec: { containers: [{ name: 'c', image: 'x:1' }] } }],
      }),
    );
    write('.hidden.yaml', 'kind: Nonsense');
    write('notes.txt', 'not read');
    const found = await pods.read(client);
    expect(found.findings).toEqual([]);
    expect(found.pods.map(({ metadata }) => metadata.name)).toEqual(['x', 'agent']);
    expect(found.pods[1]?.spec?.restartPolicy).toBe('Always');
  });

  it('may not be there, and may come and go', async () => {
    const none = openStaticPods(join(folder, 'none'), folder);
    expect(await none.read(client)).toEqual({ pods: [], findings: [], files: 0 });
  });

  it('keeps what a file said last without a mistake, until the file goes', async () => {
    write('a.yaml', POD);
    expect(await names()).toEqual(['agent']);
    write('a.yaml', POD.replace('image: agent:1', 'image: ""'));
    expect(await names()).toEqual(['agent']);
    expect((await pods.read(client)).findings).toHaveLength(1);
    rmSync(join(folder, 'a.yaml'));
    expect(await pods.read(client)).toEqual({ pods: [], findings: [], files: 0 });
  });

  it('resolves anchors', async () => {
    write('a.yaml', POD.replace('name: agent', 'name: &n agent').replace('name: main', 'name: *n'));
    expect((await pods.read(client)).pods[0]?.spec?.containers[0]?.name).toBe('agent');
  });
});

describe('a mistake in a static pod', () => {
  it('is shown at its line', async () => {
    write(
      'a.yaml',
      POD.replace('image:', 'imagee:').replace(
        'containers:',
        'restartPolicy: always\n  containers:',
      ),
    );
    expect(await frames()).toMatchInlineSnapshot(`
      "error E_MANIFEST_UNKNOWN_FIELD: \`spec.containers[0]\` has no field \`imagee\`
        Pod/agent › spec.containers[0].imagee

        ❯ a.yaml:9:7
            8|     - name: main
            9|       imagee: agent:1
             |       ^^^^^^
        help: did you mean \`image\`?   slipway explain pod.spec.containers

      1 error"
    `);
  });

  it('that only the server knows of is shown there too', async () => {
    write(
      'a.yaml',
      `${POD}    - name: main\n      image: other:1\n  volumes:\n    - name: keys\n      secret:\n        secretName: k\n`,
    );
    expect(await frames()).toMatchInlineSnapshot(`
      "error E_MANIFEST_DUPLICATE_ITEM: \`name\` is there twice: "main"
        Pod/agent › spec.containers[1].name

        ❯ a.yaml:9:13
            8|       image: agent:1
            9|     - name: main
             |             ^^^^
        help: slipway explain pod.spec.containers.name

      error E_MANIFEST_FORBIDDEN: \`secret\` may not be set: static pods may not reference secrets
        Pod/agent › spec.volumes[0].secret

        ❯ a.yaml:14:9
           13|       secret:
           14|         secretName: k
             |         ^^^^^^^^^^^^^
        help: slipway explain pod.spec.volumes.secret

      2 errors"
    `);
  });

  it('of the file itself', async () => {
    write('a.yaml', 'kind: Pod\n  metadata: [');
    write('b.yaml', 'kind: Service\n');
    write('c.yaml', `${POD}---\n${POD}`);
    expect(await frames()).toMatchInlineSnapshot(`
      "error E_MANIFEST_YAML: Nested mappings are not allowed in compact mappings

        ❯ a.yaml:1:7
            1| kind: Pod
             |       ^
        help: mend the syntax at the mark

      error E_MANIFEST_STATIC_POD: a kubelet runs pods; this is a Service

        ❯ b.yaml:1:7
            1| kind: Service
             |       ^^^^^^^
        help: write a Pod or a PodList, or move the file out of the folder

      error E_MANIFEST_STATIC_POD: a file of static pods holds one document

        ❯ c.yaml:10:1
            9| ---
           10| apiVersion: v1
             | ^^^^^^^^^^^^^^
        help: write a file for each pod, or a PodList

      3 errors"
    `);
  });
});
