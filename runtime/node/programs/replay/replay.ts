import type { Probe } from '../../../../generated/core/v1/types.ts';
import type { LogLine } from '../../logs.ts';
import type { PodHistory } from '../history.ts';
import { type Answer, type Answerer, type Call, SILENT } from '../network/calls.ts';
import { type Bytes, inputOf, type Typed, typedInput } from '../process.ts';
import type { PodSite } from '../site.ts';
import { asideCaller, type Open, runKey } from './callers.ts';
import { type Finding, lookAt } from './probing.ts';
import { type Room, World } from './world.ts';

/** After all that others do at that moment. */
const AT_END = 1;
const FOREVER = Number.POSITIVE_INFINITY;
/** How far into the future a pod is followed, in steps of its programs. */
const PLAN_STEPS = 5_000;

export type ProbeKind = 'startupProbe' | 'readinessProbe' | 'livenessProbe';
const PROBES: readonly ProbeKind[] = ['startupProbe', 'readinessProbe', 'livenessProbe'];

/** How one run of a container goes. */
export interface RunOutcome {
  readonly container: string;
  readonly startedMs: number;
  readonly lines: readonly LogLine[];
  /** Absent where it goes on for ever, or for longer than it is followed. */
  readonly end?: { readonly atMs: number; readonly code: number; readonly message: Bytes };
  /** What its probes that run commands find, each from a moment on. */
  readonly findings: Readonly<Partial<Record<ProbeKind, readonly Finding[]>>>;
  readonly servers: Room['servers'];
  /** It does something of its own when it is told to stop. */
  readonly handlesStop: boolean;
}

/** What follows from a pod's history: what has happened, and what will as far as can be seen. */
export interface Outcome {
  /** By `runKey`. */
  readonly runs: ReadonlyMap<string, RunOutcome>;
  /** When one has to look again, since more may happen then; Infinity if not. */
  readonly horizonMs: number;
}

/** A call that waits for its answer. */
export type OpenCall = Open;

interface Event {
  readonly atMs: number;
  /** Among those of one moment. */
  readonly order: number;
  act(): void;
}

/** What a command does that is run in a container. */
export interface CommandOutcome {
  readonly out: Bytes;
  readonly err: Bytes;
  /** Absent where it goes on for ever. */
  readonly end?: { readonly atMs: number; readonly code: number };
  readonly hasChanged: boolean;
  /** It waits for more to be written to it. */
  readonly isUnfed: boolean;
  /** What came of its calls. */
  readonly answers: readonly Answer[];
}

/** What came of a call to a pod, and what it has left there. */
export interface ServedCall {
  readonly answer: Answer;
  readonly hasChanged: boolean;
  readonly hasLogged: boolean;
  /** What came of the calls that were made for it. */
  readonly answers: readonly Answer[];
}

/** The programs of a pod from its beginning on, by all that they have met with. */
export class Replay {
  readonly #world: World;
  readonly #events: Event[] = [];
  readonly #findings = new Map<Room, Partial<Record<ProbeKind, Finding[]>>>();
  readonly #followsProbes: boolean;
  #seen = -1;
  /** What comes after a call that nothing is known of is not followed. */
  #stopsAtCalls = false;

  constructor(
    site: PodSite,
    history: PodHistory,
    { followsProbes }: { readonly followsProbes: boolean },
  ) {
    this.#world = new World(site, history.sinceMs, history.answers);
    this.#followsProbes = followsProbes;
    const world = this.#world;
    const add = (atMs: number, act: () => void, order = 0): void =>
      void this.#events.push({ atMs, order, act });
    for (const { atMs, volume, files } of history.files)
      add(atMs, () => refill(world, volume, files));
    const ends = new Set(history.runs.map(({ endedMs }) => endedMs));
    for (const input of history.runs) {
      // What somebody asks at the moment at which a run ends, that run still does.
      const isAfterEnd = ends.has(input.startedMs);
      add(input.startedMs, () => void world.begin(input), isAfterEnd ? AT_END : 0);
      const room = (): Room | undefined => world.rooms.find((each) => each.input === input);
      if (input.signalMs !== undefined)
        add(input.signalMs, () => void room()?.signals.push('TERM'), AT_END);
      if (input.endedMs !== undefined)
        add(
          input.endedMs,
          () => {
            // What it does at its last moment it has done.
            world.advance();
            const found = room();
            if (found) world.stop(found);
          },
          AT_END,
        );
    }
    for (const { atMs, container, argv, input, answers } of history.commands)
      add(atMs, () => {
        const room = this.#roomOf(container);
        const caller = asideCaller('command', undefined, answers);
        const streams = { input: inputOf(input), out: ignore, err: ignore };
        if (room) world.start(room, argv, { ...streams, caller });
      });
    for (const { atMs, call, clientIp, answers } of history.requests)
      add(atMs, () => {
        const caller = asideCaller('served', undefined, answers);
        world.serve(call, { clientIp, caller }, ignore);
      });
    this.#events.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
  }

  /** The latest run of a container. */
  #roomOf(container: string): Room | undefined {
    return this.#world.rooms.findLast(({ input }) => input.container === container);
  }

  /** Up to `nowMs`, and on from there as far as it is followed. */
  outcome(nowMs: number): Outcome {
    this.#stopsAtCalls = true;
    const horizonMs = this.#run(nowMs, PLAN_STEPS);
    const runs = new Map<string, RunOutcome>();
    for (const room of this.#world.rooms) {
      const { input, log, end, servers, handlesStop } = room;
      runs.set(runKey(input.container, input.nth), {
        container: input.container,
        startedMs: input.startedMs,
        lines: log.lines,
        ...(end ? { end } : {}),
        findings: this.#findings.get(room) ?? {},
        servers,
        handlesStop,
      });
    }
    return { runs, horizonMs };
  }

  /** Calls at which it stands. */
  get open(): readonly OpenCall[] {
    return this.#world.calls.waiting;
  }

  /** Says what came of those calls, in their order. */
  answer(answers: readonly Answer[]): void {
    this.#world.calls.answer(answers);
    this.#world.advance();
  }

  /** Runs a command in a container as it is at `nowMs`; undefined where there is no such program. */
  command(
    nowMs: number,
    container: string,
    argv: readonly Bytes[],
    {
      input = NOTHING_TYPED,
      answerer,
      answers,
    }: {
      readonly input?: Typed;
      readonly answerer: Answerer;
      readonly answers?: readonly Answer[] | undefined;
    },
  ): CommandOutcome | undefined {
    const world = this.#world;
    this.#run(nowMs, 0);
    world.moveTo(nowMs);
    const room = this.#roomOf(container);
    if (!room) return undefined;
    world.isAside = true;
    let [out, err] = ['', ''];
    const { version } = world;
    let isUnfed = false;
    const waits = (): void => {
      isUnfed = true;
    };
    const caller = asideCaller('command', answerer, answers);
    const process = world.start(room, argv, {
      caller,
      input: typedInput(input, waits),
      out: (bytes) => {
        out += bytes;
      },
      err: (bytes) => {
        err += bytes;
      },
    });
    if (!process) return undefined;
    world.advance();
    const hasChanged = world.version !== version;
    let endMs = world.nowMs;
    for (let rounds = 0; process.job.code === undefined && rounds < PLAN_STEPS; rounds++) {
      const nextMs = world.nextMs;
      if (nextMs === FOREVER) break;
      world.moveTo(nextMs);
      world.advance();
      endMs = world.nowMs;
    }
    const { code } = process.job;
    return {
      out,
      err,
      ...(code === undefined ? {} : { end: { atMs: endMs, code } }),
      hasChanged,
      isUnfed,
      answers: caller.answers,
    };
  }

  /** What whoever listens in the pod says to a call at `nowMs`, with calls of its own if it has to. */
  served(nowMs: number, call: Call, clientIp: string, answerer: Answerer): ServedCall {
    const world = this.#world;
    this.#run(nowMs, 0);
    world.moveTo(nowMs);
    let answer: Answer | undefined;
    const caller = asideCaller('served', answerer);
    const { version } = world;
    const lines = world.logged;
    world.serve(call, { clientIp, caller }, (found) => {
      answer = found;
    });
    world.advance();
    for (let rounds = 0; !answer && rounds < PLAN_STEPS; rounds++) {
      if (world.nextMs === FOREVER) break;
      world.moveTo(world.nextMs);
      world.advance();
    }
    const takesMs = world.nowMs - nowMs;
    return {
      answer: answer ? { ...answer, afterMs: answer.afterMs + takesMs } : SILENT,
      hasChanged: world.version !== version,
      hasLogged: world.logged !== lines,
      answers: caller.answers,
    };
  }

  /** Who listens at a port at `nowMs`: containers of a pod share them. */
  serversAt(nowMs: number, port: number): Room['servers'][number] | undefined {
    this.#run(nowMs, 0);
    this.#world.moveTo(nowMs);
    return this.#world.servingAt(port, 'TCP')?.[1];
  }

  /** Returns when more may happen than was followed. */
  #run(nowMs: number, stepsAhead: number): number {
    const world = this.#world;
    let budget = Number.POSITIVE_INFINITY;
    for (;;) {
      if (this.#stopsAtCalls && world.calls.waiting.length > 0) return world.nowMs;
      const nextMs = Math.min(this.#events[0]?.atMs ?? FOREVER, world.nextMs);
      if (nextMs === FOREVER) return FOREVER;
      if (nextMs > nowMs) {
        if (this.#events.length === 0 && world.isSteady) return FOREVER;
        if (budget === FOREVER) budget = world.steps + stepsAhead;
        if (world.steps >= budget) return nextMs;
      }
      world.moveTo(nextMs);
      while ((this.#events[0]?.atMs ?? FOREVER) <= nextMs) this.#events.shift()!.act();
      world.advance();
      if (this.#followsProbes) this.#probe();
    }
  }

  /** Looks what probes find, where any file has changed or a run has begun. */
  #probe(): void {
    const world = this.#world;
    const seen = world.version * 1000 + world.rooms.length;
    if (seen === this.#seen) return;
    this.#seen = seen;
    for (const room of world.rooms) {
      if (room.end || room.input.endedMs !== undefined) continue;
      for (const kind of PROBES) {
        const probe: Probe | undefined = room.site.spec[kind];
        if (!probe?.exec) continue;
        const known = this.#findings.get(room) ?? {};
        this.#findings.set(room, known);
        known[kind] ??= [];
        const list = known[kind];
        const finding = lookAt(
          world,
          room,
          probe.exec.command ?? [],
          world.nowMs - room.input.startedMs,
        );
        const last = list.at(-1);
        if (
          last &&
          last.code === finding?.code &&
          last.output === finding.output &&
          last.takesMs === finding.takesMs
        )
          continue;
        if (finding) list.push(finding);
      }
    }
    this.#seen = world.version * 1000 + world.rooms.length;
  }
}

const NOTHING_TYPED: Typed = { bytes: '', isOpen: false };

const ignore = (): void => undefined;

function refill(world: World, name: string, files: PodHistory['files'][number]['files']): void {
  const volume = world.volumes.get(name);
  if (!volume) return;
  const root = volume.entries.get('')!;
  for (const path of [...volume.entries.keys()])
    if (path !== '' && !(path in files)) volume.remove(path);
  for (const [path, { bytes, mode, uid = 0 }] of Object.entries(files)) {
    const parts = path.split('/');
    for (let at = 1; at < parts.length; at++) {
      const parent = parts.slice(0, at).join('/');
      if (!volume.entries.has(parent)) volume.put(parent, { ...root, changedMs: world.nowMs });
    }
    const before = volume.entries.get(path);
    if (before?.bytes === bytes && before.mode === mode) continue;
    volume.put(path, { kind: 'file', bytes, mode, uid, gid: root.gid, changedMs: world.nowMs });
  }
}
