import { type ClientHttp2Session, connect } from 'node:http2';
import { parentPort, workerData } from 'node:worker_threads';
import { stopwatch } from '../../../base/index.ts';
import { requests } from './pods.ts';

/** What the thread that plays the client is told. */
export interface Order {
  readonly url: string;
  readonly authority: string;
  readonly token: string;
  readonly namespace: string;
  readonly pods: number;
}

/** Requests under way at a time. */
const ABREAST = 64;

const { url, authority, token, namespace, pods } = workerData as Order;
const path = `/api/v1/namespaces/${namespace}/pods`;
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

function open(): ClientHttp2Session {
  return connect(url, { ca: authority });
}

function create(session: ClientHttp2Session, name: string): Promise<void> {
  const body = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: requests('100m') },
  });
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    stream.on('response', ({ ':status': status }) => {
      if (status !== 201) reject(new Error(`a pod was answered with ${status}`));
    });
    stream.on('error', reject);
    stream.on('end', resolve);
    stream.resume();
    stream.end(body);
  });
}

/** Resolves when the watch has shown a node for every pod. */
function allBound(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': `${path}?watch=1`, ...headers });
    const bound = new Set<string>();
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('error', reject);
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const { object } = JSON.parse(line);
        if (object.spec.nodeName) bound.add(object.metadata.name);
      }
      if (bound.size === pods) resolve();
    });
  });
}

async function measure(): Promise<number> {
  const [writing, watching] = [open(), open()];
  const seen = allBound(watching);
  const elapsed = stopwatch();
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next < pods) await create(writing, `measured-${next++}`);
  };
  await Promise.all(Array.from({ length: ABREAST }, writer));
  await seen;
  const ms = elapsed();
  writing.destroy();
  watching.destroy();
  return ms;
}

parentPort!.postMessage(await measure());
