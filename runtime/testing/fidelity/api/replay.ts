import type { KindDescriptor } from '../../../../generator/model/index.ts';
import { accessOf, decodeText, type Headers } from '../../../apiserver/index.ts';
import type { Cluster } from '../../../cluster/index.ts';
import { type ApiRequest, type ApiResponse, isApiError } from '../../../meta/index.ts';
import { type AreaResult, type Mismatch, Tally } from '../report.ts';
import { asRecorded, type Difference, differences, summary } from './answers.ts';
import {
  at,
  type Case,
  expand,
  newVariables,
  readCases,
  type Step,
  type Variables,
} from './cases.ts';
import { toApiRequest } from './request.ts';

/** How far virtual time goes between two looks of a step that waits. */
const LOOK_MS = 250;
const WAIT_LIMIT_MS = 15_000;
/** Namespaces and their accounts are made within this. */
const SETTLE_MS = 1000;
/** Stands for an answer where there was an exception. */
const BROKEN = 599;

/** Every recorded creation whose kind exists, as a dry run. */
export async function replayCreates(
  dir: string,
  newCluster: () => Promise<Cluster>,
): Promise<AreaResult> {
  const tally = new Tally('api-create');
  const cluster = await newCluster();
  const variables = newVariables();
  await makeNamespace(cluster, variables, {});
  for (const each of await readCases(dir, 'A')) {
    // Nobody owns fields of what is not stored.
    const step = { ...each, managed: false };
    const player = new Player(cluster, { ...variables }, 'A');
    const mismatch = await player.play(each.id, step);
    if (mismatch !== 'not for us') tally.add(mismatch);
  }
  return tally.result();
}

/** Every recorded sequence, each on its own fork, up to the first step that only HTTP or a missing kind can answer. */
export async function replaySequences(
  dir: string,
  newCluster: () => Promise<Cluster>,
): Promise<AreaResult> {
  const tally = new Tally('api-sequences');
  const base = await newCluster();
  for (const each of await readCases(dir, 'B')) await playSequence(await base.fork(), each, tally);
  return tally.result();
}

async function playSequence(cluster: Cluster, each: Case, tally: Tally): Promise<void> {
  const variables = newVariables();
  if (!each.noNamespace) await makeNamespace(cluster, variables, each.namespace ?? {});
  const player = new Player(cluster, variables, 'B');
  for (const [number, step] of (each.steps ?? []).entries()) {
    const mismatch = await player.play(`${each.id}#${number}`, step);
    if (mismatch === 'not for us') return;
    if (step.expect !== undefined) tally.add(mismatch);
  }
}

async function makeNamespace(cluster: Cluster, variables: Variables, more: object): Promise<void> {
  const step: Step = {
    method: 'POST',
    path: '/api/v1/namespaces',
    body: expand(
      { metadata: { name: variables.ns, labels: { 'oracle-case': 'yes' } }, ...more },
      variables,
    ),
  };
  const { code } = await cluster.transport.request(toApiRequest(step, everyVersion(cluster))!);
  if (code !== 201) throw new Error(`the namespace of the case was not made: ${code}`);
  await cluster.advance(SETTLE_MS);
}

/** All kinds in all versions that are served. */
function everyVersion({ server }: Cluster): readonly KindDescriptor[] {
  return server.schemas.kinds;
}

/** Plays the steps of one case. */
class Player {
  readonly #cluster: Cluster;
  readonly #variables: Variables;
  readonly #suite: string;
  #sent = '';
  #headers: NonNullable<Step['headers']> = {};

  constructor(cluster: Cluster, variables: Variables, suite: string) {
    this.#cluster = cluster;
    this.#variables = variables;
    this.#suite = suite;
  }

  /** Undefined when the answer is the recorded one. */
  async play(id: string, step: Step): Promise<Mismatch | 'not for us' | undefined> {
    if (step.do === 'sleep') return this.#sleep(step);
    if (step.do === 'watch' || step.do === 'watchEnd') return 'not for us';
    const own = expand(step, { ...this.#variables });
    const asked = toApiRequest(
      step.do === 'wait' ? { ...own, method: 'GET' } : own,
      everyVersion(this.#cluster),
    );
    if (!asked) return 'not for us';
    this.#headers = own.headers ?? {};
    if (step.do === 'wait') return this.#wait(id, own, asked);
    if (own.raw !== undefined && own.method === 'DELETE') return 'not for us';
    const text = own.raw ?? (own.body === undefined ? '' : JSON.stringify(own.body));
    this.#sent += text;
    const answer = await this.#ask(asked, own);
    for (const [name, path] of Object.entries(step.save ?? {}))
      this.#variables[name] = String(at(answer.object, path) ?? '');
    const view = { sent: this.#suite === 'A' ? text : this.#sent };
    const actual = summary(step, answer, view, this.#suite);
    if (!actual) return 'not for us';
    return mismatchOf(id, own, differences(expectationOf(step), actual), answer);
  }

  async #ask(request: ApiRequest, { raw, retryOn = [] }: Step): Promise<ApiResponse> {
    let answer = await this.#request(request, raw);
    for (
      let waited = 0;
      retryOn.includes(answer.code) && waited < WAIT_LIMIT_MS;
      waited += LOOK_MS
    ) {
      await this.#cluster.advance(LOOK_MS);
      answer = await this.#request(request, raw);
    }
    if (answer.code >= 400 || request.verb === 'list') return answer;
    return {
      ...answer,
      object: this.#cluster.server.withManagedFields(request.resource, answer.object),
    };
  }

  /** Lets the request in as HTTP does. A server that breaks has answered nothing recorded either. */
  async #request(given: ApiRequest, raw?: string): Promise<ApiResponse> {
    const { server, transport } = this.#cluster;
    try {
      const request = raw === undefined ? given : this.#decoded(given, raw);
      const user = server.impersonate(request.user, this.#headers as Headers);
      server.authorize(user, accessOf(request));
      return await transport.request({ ...request, user });
    } catch (error) {
      if (isApiError(error)) return { code: error.code, object: error.status as never };
      const message = `broke: ${error instanceof Error ? error.message : String(error)}`;
      return { code: BROKEN, object: { message } as never };
    }
  }

  #decoded(request: ApiRequest, raw: string): ApiRequest {
    const type = this.#headers['content-type'] ?? 'application/json';
    return { ...request, ...decodeText(raw, type, request.resource.kind) };
  }

  async #sleep({ ms = 0 }: Step): Promise<undefined> {
    await this.#cluster.advance(ms);
  }

  async #wait(id: string, step: Step, request: ApiRequest): Promise<Mismatch | undefined> {
    for (let waited = 0; waited < WAIT_LIMIT_MS; waited += LOOK_MS) {
      const answer = await this.#request(request);
      if (holds(step, answer)) return undefined;
      await this.#cluster.advance(LOOK_MS);
    }
    return { id, expected: 'to come true', actual: 'waited in vain', cause: `wait ${step.path}` };
  }
}

/** The expectation, without what the in-process answer of a dry run cannot have and what is masked on our side. */
function expectationOf({ expect, managed }: Step): unknown {
  const wanted = withoutPodGeneration(expect);
  if (managed !== false) return wanted;
  return JSON.parse(JSON.stringify(wanted), (key, value: unknown) =>
    key === 'managedFields' ? undefined : value,
  );
}

function withoutPodGeneration(expect: unknown): unknown {
  const { object, ...rest } = (expect ?? {}) as { object?: Record<string, unknown> };
  return object ? { ...rest, object: asRecorded(object) } : expect;
}

function holds(
  { code, cond, at: path = '', eq }: Step,
  { code: actual, object }: ApiResponse,
): boolean {
  if (code !== undefined) return actual === code;
  if (cond !== undefined) {
    const conditions = (at(object, 'status.conditions') ?? []) as {
      type: string;
      status: string;
    }[];
    return conditions.some(({ type, status }) => type === cond && status === 'True');
  }
  const found = at(object, path);
  return eq === undefined ? found !== undefined : JSON.stringify(found) === JSON.stringify(eq);
}

function mismatchOf(
  id: string,
  { method, path }: Step,
  found: readonly Difference[],
  { object }: ApiResponse,
): Mismatch | undefined {
  if (found.length === 0) return undefined;
  const message = (object as { message?: string }).message;
  const code = found.find((each) => each.path === 'code');
  const cause = code
    ? `code ${String(code.expected)}, not ${String(code.actual)}`
    : `${found[0]!.path.replaceAll(/\[\d+\]/g, '[]')}`;
  return {
    id,
    cause,
    expected: { request: `${method} ${path}`, ...pathsOf(found, 'expected') },
    actual: { ...pathsOf(found, 'actual'), ...(message ? { message } : {}) },
  };
}

function pathsOf(found: readonly Difference[], side: 'expected' | 'actual'): object {
  return Object.fromEntries(found.map((each) => [each.path, each[side] ?? '<absent>']));
}
