import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  Pacer,
  type Serving,
  serveApi,
} from '../../../cluster/index.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { protobuf } from './index.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const STATUS = { apiVersion: 'v1', kind: 'Status' };

let cluster: Cluster;
let pacer: Pacer;
let serving: Serving;
const failures: unknown[] = [];

beforeAll(async () => {
  cluster = await createCluster({ freeze: true });
  pacer = new Pacer(cluster, 'real');
  pacer.start();
  const onFailure = (error: unknown): void => void failures.push(error);
  serving = await serveApi(cluster, pacer, { port: 0, version: '1.36', onFailure });
});

afterAll(async () => {
  await serving.close();
  await pacer.stop();
  expect(failures).toEqual([]);
});

interface Asked {
  readonly method?: string;
  readonly accept?: string;
  readonly type?: string;
  readonly body?: Buffer;
  /** Ends the answer when its bytes are enough. */
  readonly until?: (bytes: Buffer) => boolean;
}

interface Answered {
  readonly code: number | undefined;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

function ask(path: string, asked: Asked = {}): Promise<Answered> {
  const { method = 'GET', accept = PROTOBUF, type = PROTOBUF, body, until } = asked;
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${serving.token}`,
      accept,
      ...(body ? { 'content-type': type, 'content-length': body.length } : {}),
    };
    const outgoing = request(
      new URL(path, serving.url),
      { method, ca: serving.authority, headers },
      (incoming) => {
        let bytes = Buffer.alloc(0);
        const end = (): void =>
          resolve({ code: incoming.statusCode, type: incoming.headers['content-type'], bytes });
        incoming.on('data', (chunk: Buffer) => {
          bytes = Buffer.concat([bytes, chunk]);
          if (!until?.(bytes)) return;
          end();
          outgoing.destroy();
        });
        incoming.on('end', end);
        incoming.on('error', () => {});
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const objectOf = ({ bytes }: Answered): KubeObject => protobuf().decode(bytes, STATUS);

/** The bytes that an answer in JSON would have been. */
async function fromJson(path: string, accept = 'application/json'): Promise<string> {
  const { bytes } = await ask(path, { accept });
  return protobuf().encode(JSON.parse(bytes.toString())).toString('hex');
}

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string): Buffer =>
  protobuf().encode({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: { of: 'test' } },
    data: { k: 'v' },
  });

describe('objects', () => {
  it('are created, and answered as they were asked for', async () => {
    const created = await ask(CONFIG_MAPS, { method: 'POST', body: configMap('a') });
    expect(created).toMatchObject({ code: 201, type: PROTOBUF });
    expect(objectOf(created)).toMatchObject({ kind: 'ConfigMap', data: { k: 'v' } });
    const both = await ask(`${CONFIG_MAPS}/a`, { accept: `${PROTOBUF},application/json` });
    expect(both.type).toBe(PROTOBUF);
    expect(both.bytes.toString('hex')).toBe(await fromJson(`${CONFIG_MAPS}/a`));
  });

  it('are listed, whole and as metadata', async () => {
    const list = await ask(CONFIG_MAPS);
    expect(list).toMatchObject({ code: 200, type: PROTOBUF });
    expect(list.bytes.toString('hex')).toBe(await fromJson(CONFIG_MAPS));
    const as = ';as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const metadata = await ask(CONFIG_MAPS, { accept: `${PROTOBUF}${as}` });
    expect(metadata.bytes.toString('hex')).toBe(
      await fromJson(CONFIG_MAPS, `application/json${as}`),
    );
  });

  it('are tables in JSON only', async () => {
    const table = 'as=Table;g=meta.k8s.io;v=v1';
    const accept = `${PROTOBUF};${table},application/json;${table}`;
    expect((await ask(CONFIG_MAPS, { accept })).type).toBe('application/json');
  });

  it('have subresources of other types', async () => {
    const type = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' };
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    const spec = { audiences: ['a'], expirationSeconds: 600 };
    const body = protobuf().encode({ ...type, metadata: {}, spec });
    const answer = await ask(`${account}/token`, { method: 'POST', body });
    expect(answer.code).toBe(201);
    expect(objectOf(answer)).toMatchObject({ ...type, status: { token: expect.any(String) } });
  });

  it('are deleted as options say', async () => {
    await ask(CONFIG_MAPS, { method: 'POST', body: configMap('b') });
    const options = { apiVersion: 'v1', kind: 'DeleteOptions' };
    const wrong = protobuf().encode({ ...options, preconditions: { uid: 'another' } });
    const refused = await ask(`${CONFIG_MAPS}/b`, { method: 'DELETE', body: wrong });
    expect(refused).toMatchObject({ code: 409, type: PROTOBUF });
    expect(objectOf(refused)).toMatchObject({ ...STATUS, reason: 'Conflict' });
    const body = protobuf().encode({ ...options, dryRun: ['All'] });
    expect(await ask(`${CONFIG_MAPS}/b`, { method: 'DELETE', body })).toMatchObject({ code: 200 });
    const deleted = await ask(`${CONFIG_MAPS}/b`, { method: 'DELETE' });
    expect(objectOf(deleted)).toMatchObject({ ...STATUS, status: 'Success' });
  });
});

describe('a watch', () => {
  it('is a row of frames', async () => {
    const path = `${CONFIG_MAPS}?watch=true&labelSelector=of%3Dtest`;
    const isWhole = (bytes: Buffer): boolean =>
      bytes.length > 4 && bytes.length >= bytes.readUInt32BE() + 4;
    const answer = await ask(path, { accept: `${PROTOBUF};stream=watch`, until: isWhole });
    expect(answer).toMatchObject({ code: 200, type: `${PROTOBUF};stream=watch` });
    const isLine = (bytes: Buffer): boolean => bytes.includes('\n');
    const line = await ask(path, { accept: 'application/json', until: isLine });
    const { type, object } = JSON.parse(line.bytes.toString().split('\n')[0]!);
    const frame = answer.bytes.subarray(0, answer.bytes.readUInt32BE() + 4);
    expect(type).toBe('ADDED');
    expect(frame.toString('hex')).toBe(protobuf().event(type, object).toString('hex'));
  });

  it('is not to be had in YAML', async () => {
    const { code, bytes } = await ask(`${CONFIG_MAPS}?watch=true`, { accept: 'application/yaml' });
    expect(code).toBe(406);
    expect(JSON.parse(bytes.toString()).message).toBe(
      'only the following media types are accepted: ' +
        `application/json;stream=watch, ${PROTOBUF};stream=watch`,
    );
  });
});

describe('what is refused', () => {
  it('says so in protobuf', async () => {
    const absent = await ask(`${CONFIG_MAPS}/absent`);
    expect(absent).toMatchObject({ code: 404, type: PROTOBUF });
    expect(objectOf(absent)).toMatchObject({
      ...STATUS,
      status: 'Failure',
      reason: 'NotFound',
      message: 'configmaps "absent" not found',
      code: 404,
    });
  });

  it('are bytes that are no object', async () => {
    const accept = 'application/json';
    const body = configMap('c').subarray(0, 30);
    const { code, bytes } = await ask(CONFIG_MAPS, { method: 'POST', body, accept });
    expect(code).toBe(400);
    expect(JSON.parse(bytes.toString()).message).toMatch(/^the object provided is unrecognized/);
    const pod = protobuf().encode({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } });
    expect(await ask(CONFIG_MAPS, { method: 'POST', body: pod })).toMatchObject({ code: 400 });
  });

  it('are types that nobody reads or writes', async () => {
    const all = `application/json, application/yaml, ${PROTOBUF}`;
    const accept = 'application/json';
    const asked = { method: 'POST', body: configMap('c'), type: 'text/plain', accept };
    const sent = await ask(CONFIG_MAPS, asked);
    expect(sent.code).toBe(415);
    expect(JSON.parse(sent.bytes.toString()).message).toBe(
      `the body of the request was in an unknown format - accepted media types include: ${all}`,
    );
    const wanted = await ask(CONFIG_MAPS, { accept: 'text/plain' });
    expect(wanted.code).toBe(406);
    expect(JSON.parse(wanted.bytes.toString()).message).toBe(
      `only the following media types are accepted: ${all}`,
    );
  });

  it('are patches', async () => {
    const asked = { method: 'PATCH', body: configMap('a'), accept: 'application/json' };
    const { code, bytes } = await ask(`${CONFIG_MAPS}/a`, asked);
    expect(code).toBe(415);
    expect(JSON.parse(bytes.toString()).message).toContain('application/merge-patch+json');
  });

  it('are kinds that have no numbers', async () => {
    const path = '/apis/cluster.slipway.dev/v1/behaviours';
    expect((await ask(path)).code).toBe(406);
    expect(await ask(path, { accept: `${PROTOBUF}, */*` })).toMatchObject({
      code: 200,
      type: 'application/json',
    });
    const as = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    expect(await ask(path, { accept: `${PROTOBUF};${as}` })).toMatchObject({
      code: 200,
      type: PROTOBUF,
    });
  });
});
