import type { Container, HTTPGetAction, Pod } from '../../generated/core/v1/types.ts';
import { hookCall, requestCourse } from './hook-requests.ts';
import { commandFailure, type HookCourse } from './hooks.ts';
import type { Plays } from './program-plays.ts';
import {
  type Answerer,
  bytesOf,
  type Call,
  type CommandInput,
  type CommandOutcome,
  expanded,
  type MadeFile,
  type Outcome,
  type PodHistory,
  type PodSite,
  Replay,
  type RunInput,
  type RunOutcome,
  runKey,
  type ServedCall,
  type Typed,
} from './programs/index.ts';

/** What a pod's containers find, looked up when they begin. */
export interface ProgramSources {
  readonly site: PodSite;
  /** In bytes. */
  environment(spec: Container): readonly (readonly [string, string])[];
  /** Of each volume that is made of objects. */
  contents(): readonly {
    readonly volume: string;
    readonly files: Readonly<Record<string, MadeFile>>;
  }[];
  /** What comes of calls to the network, with when the caller began to wait. */
  readonly answerer: Answerer;
}

/** Runs of a container that are kept; of one that shares no files with what comes after it fewer. */
const RUNS_MAX = 100;
const LONE_RUNS_MAX = 2;
const FILES_MAX = 64;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const outcomes = new WeakMap<PodHistory, Outcome>();
/** Replays that stand at the calls at which their histories end: they go on with one more answer, instead of beginning again. */
const standing = new WeakMap<PodHistory, Replay>();

/** The programs of a pod during one decision about it: their history, with what the decision adds to it. */
export class ProgramSession {
  readonly #sources: ProgramSources;
  readonly #nowMs: number;
  #history: PodHistory;

  constructor(sources: ProgramSources, history: PodHistory | undefined, nowMs: number) {
    this.#sources = sources;
    this.#nowMs = nowMs;
    this.#history = history ?? { sinceMs: nowMs, runs: [], files: [], commands: [], requests: [] };
  }

  get history(): PodHistory {
    return this.#history;
  }

  get pod(): Pod {
    return this.#sources.site.pod;
  }

  get podIp(): string {
    return this.#sources.site.podIp;
  }

  /** Notes the beginning of a run. One that is known has begun already. */
  begin(spec: Container, { argv, image }: Plays, nth: number, startedMs: number): void {
    if (this.#runOf(spec.name, nth)) return;
    this.refresh(startedMs);
    const own = this.#sources.environment(spec);
    const variables = [
      ['PATH', PATH],
      ['HOSTNAME', ''],
      ['HOME', '/root'],
      ...Object.entries(image?.env ?? {}),
      ...own,
    ] as const;
    const env = new Map<string, string>(variables);
    env.set('HOSTNAME', own.find(([name]) => name === 'HOSTNAME')?.[1] ?? this.#hostname());
    const expandedArgv = argv.map((word) => expanded(bytesOf(word), new Map(own)));
    const run: RunInput = {
      container: spec.name,
      nth,
      startedMs,
      argv: expandedArgv,
      env: [...env],
    };
    const { answers, ...rest } = this.#history;
    const all = [...rest.runs, run];
    const runs = kept(all, spec.name, this.#shares ? RUNS_MAX : LONE_RUNS_MAX);
    const known = new Set(runs.map((each) => runKey(each.container, each.nth)));
    const left = runs === all ? answers : answers?.filter(({ caller }) => known.has(caller));
    this.#history = { ...rest, runs, ...(left ? { answers: left } : {}) };
  }

  /** Volumes that are made of objects hold from now on what those say. */
  refresh(atMs = this.#nowMs): void {
    for (const { volume, files } of this.#sources.contents()) {
      const last = this.#history.files.findLast((each) => each.volume === volume);
      if (last && sameFiles(last.files, files)) continue;
      const all = [...this.#history.files, { atMs, volume, files }];
      this.#history = { ...this.#history, files: keptFiles(all) };
    }
  }

  signal(container: string, nth: number, signalMs: number): void {
    this.#change(container, nth, (run) => (run.signalMs === signalMs ? run : { ...run, signalMs }));
  }

  end(container: string, nth: number, endedMs: number): void {
    this.#change(container, nth, (run) => (run.endedMs === undefined ? { ...run, endedMs } : run));
  }

  outcome(): Outcome {
    for (;;) {
      const known = outcomes.get(this.#history);
      if (known && this.#nowMs < known.horizonMs) return known;
      const replay = standing.get(this.#history) ?? this.#replay();
      standing.delete(this.#history);
      const found = replay.outcome(this.#nowMs);
      const { open } = replay;
      if (open.length === 0 || found.horizonMs > this.#nowMs) {
        outcomes.set(this.#history, found);
        if (open.length > 0) standing.set(this.#history, replay);
        return found;
      }
      this.#answer(replay);
    }
  }

  /** Lets the network say what comes of the calls at which a replay stands. What is asked too late is answered now. */
  #answer(replay: Replay): void {
    const { answerer } = this.#sources;
    const { open } = replay;
    const answers = open.map(({ ticket: { call, atMs }, caller: { key }, nth }) => {
      const answer = answerer(call, { atMs: this.#nowMs, caller: key, nth });
      return { ...answer, afterMs: answer.afterMs + this.#nowMs - atMs };
    });
    const added = open.map(({ caller }, at) => ({ caller: caller.key, answer: answers[at]! }));
    replay.answer(answers);
    this.#history = {
      ...this.#history,
      answers: [...(this.#history.answers ?? []), ...added],
    };
    standing.set(this.#history, replay);
  }

  run(container: string, nth: number): RunOutcome | undefined {
    return this.outcome().runs.get(runKey(container, nth));
  }

  /** What a command does that is run now. */
  commandAt(
    nowMs: number,
    container: string,
    argv: readonly string[],
    input: Typed,
  ): CommandOutcome | undefined {
    const { answerer } = this.#sources;
    return this.#replay().command(nowMs, container, argv, { input, answerer });
  }

  /** What whoever listens in the pod says to a call now. */
  servedNow(call: Call, clientIp: string): ServedCall {
    return this.#replay().served(this.#nowMs, call, clientIp, this.#sources.answerer);
  }

  /** Who listens at a port now. */
  serversNow(port: number): RunOutcome['servers'][number] | undefined {
    return this.#replay().serversAt(this.#nowMs, port);
  }

  /** A lifecycle hook that is a command or a request: how it goes when it is run at `atMs`, which is once. */
  hook(
    spec: Container,
    name: 'postStart' | 'preStop',
    nth: number,
    atMs: number,
  ): HookCourse | undefined {
    const { exec, httpGet } = spec.lifecycle?.[name] ?? {};
    const of = `${name}/${nth}`;
    const before = this.#history.commands.find(
      (each) => each.of === of && each.container === spec.name,
    );
    if (httpGet) return this.#request(spec, httpGet, { of, atMs, before });
    const command = exec?.command;
    if (!command) return undefined;
    const argv = command.map(bytesOf);
    const outcome = this.#replay(before ? of : undefined).command(
      before?.atMs ?? atMs,
      spec.name,
      argv,
      { answerer: this.#sources.answerer, answers: before?.answers },
    );
    if (!outcome) return { takesMs: 0, failure: commandFailure(spec, command, 126, '') };
    if (!before) {
      const { answers } = outcome;
      const calls = answers.length > 0 ? { answers } : {};
      const input = { atMs, container: spec.name, argv, input: '', of, ...calls };
      this.#history = { ...this.#history, commands: [...this.#history.commands, input] };
    }
    return courseOf(spec, command, outcome, before?.atMs ?? atMs);
  }

  /**
   * What comes of the request of a hook; it goes out once, and its answer is part of the history. Undefined where it would go to the
   * pod itself and nobody who is known listens there.
   */
  #request(
    spec: Container,
    action: HTTPGetAction,
    {
      of,
      atMs,
      before,
    }: { readonly of: string; readonly atMs: number; readonly before: CommandInput | undefined },
  ): HookCourse | undefined {
    const call = hookCall(action, spec, this.podIp);
    if (!call) return undefined;
    const known = before?.answers?.[0];
    const answer = known ?? this.#sources.answerer(call, { atMs, caller: of, nth: 0 });
    if (!action.host && answer.kind !== 'page') return undefined;
    if (!known) {
      const input = { atMs, container: spec.name, argv: [], input: '', of, answers: [answer] };
      this.#history = { ...this.#history, commands: [...this.#history.commands, input] };
    }
    return requestCourse(action, spec, answer);
  }

  /** The replay up to now; without what a hook has done, where it is named. */
  #replay(without?: string): Replay {
    const { commands } = this.#history;
    const history =
      without === undefined
        ? this.#history
        : { ...this.#history, commands: commands.filter(({ of }) => of !== without) };
    return new Replay(this.#sources.site, history, { followsProbes: this.#followsProbes });
  }

  get #followsProbes(): boolean {
    const { containers = [], initContainers = [] } = this.pod.spec ?? {};
    return [...containers, ...initContainers].some(
      ({ livenessProbe, readinessProbe, startupProbe }) =>
        livenessProbe?.exec ?? readinessProbe?.exec ?? startupProbe?.exec,
    );
  }

  /** Containers of it leave files that later runs find. */
  get #shares(): boolean {
    return (this.pod.spec?.volumes ?? []).some(
      ({ configMap, secret, projected, downwardAPI }) =>
        !(configMap ?? secret ?? projected ?? downwardAPI),
    );
  }

  #hostname(): string {
    return this.#sources.site.pod.spec?.hostNetwork
      ? this.#sources.site.nodeName
      : (this.pod.spec?.hostname ?? this.pod.metadata.name ?? '');
  }

  #runOf(container: string, nth: number): RunInput | undefined {
    return this.#history.runs.find((each) => each.container === container && each.nth === nth);
  }

  #change(container: string, nth: number, change: (run: RunInput) => RunInput): void {
    const before = this.#runOf(container, nth);
    if (!before) return;
    const after = change(before);
    if (after === before) return;
    const runs = this.#history.runs.map((each) => (each === before ? after : each));
    this.#history = { ...this.#history, runs };
  }
}

function kept(runs: readonly RunInput[], container: string, most: number): readonly RunInput[] {
  const own = runs.filter((each) => each.container === container);
  const dropped = new Set(own.slice(0, Math.max(0, own.length - most)));
  return dropped.size === 0 ? runs : runs.filter((each) => !dropped.has(each));
}

/** Of each volume what it holds now, and of what it held before as much as there is room for. */
function keptFiles(all: PodHistory['files']): PodHistory['files'] {
  let spare = all.length - FILES_MAX;
  if (spare <= 0) return all;
  const latest = new Set(new Map(all.map((each) => [each.volume, each])).values());
  return all.filter((each) => latest.has(each) || spare-- <= 0);
}

type Files = Readonly<Record<string, MadeFile>>;

function sameFiles(before: Files, after: Files): boolean {
  const names = Object.keys(after);
  return (
    names.length === Object.keys(before).length &&
    names.every(
      (name) =>
        before[name]?.bytes === after[name]!.bytes && before[name].mode === after[name]!.mode,
    )
  );
}

const LONGEST_MS = 86_400_000;

function courseOf(
  spec: Container,
  command: readonly string[],
  { end, out, err }: CommandOutcome,
  atMs: number,
): HookCourse {
  const takesMs = end ? end.atMs - atMs : LONGEST_MS;
  if (!end || end.code === 0) return { takesMs };
  return { takesMs, failure: commandFailure(spec, command, end.code, out + err) };
}
