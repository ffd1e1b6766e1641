import type { Container } from '../../../../generated/core/v1/types.ts';
import { cgroupVolume } from '../cgroup-mount.ts';
import { FileSystem, type Volume } from '../files/index.ts';
import type { PodHistory, RunInput } from '../history.ts';
import { calledProgram, programOf } from '../images.ts';
import type { Job, Machine, ServedAnswer } from '../machine.ts';
import { type Answer, type Call, ECHO, REFUSED, type Ticket } from '../network/calls.ts';
import {
  type Bytes,
  inputOf,
  NO_INPUT,
  type Pause,
  type Running,
  type Task,
  Unfed,
} from '../process.ts';
import {
  type ContainerSite,
  cgroupFiles,
  containerSite,
  emptyVolume,
  everyContainer,
  mountsOf,
  type PodSite,
  rootOf,
} from '../site.ts';
import { Busy } from './busy.ts';
import { type Caller, isOwn, OpenCalls } from './callers.ts';
import { LogWriter } from './log-writer.ts';
import { askedBy, bytesAnswer, pageAnswer, protocolOf, type Serving } from './serving.ts';

const FOREVER = Number.POSITIVE_INFINITY;
/** Steps of one moment: who takes more is busy for ever. */
const STEPS_AT_ONCE_MAX = 20_000;
const STEPS_MAX = 400_000;

/** Whoever throws this goes on for ever, as far as anybody knows. */
function isEndless(error: unknown): boolean {
  return error instanceof Busy || error instanceof Unfed || error instanceof RangeError;
}

/** A process under way. */
export interface Process {
  readonly running: Running;
  readonly room: Room;
  readonly isMain: boolean;
  readonly job: Job;
  /** For whom it calls others. */
  readonly caller: Caller;
  wakeMs: number;
  isDone: (() => boolean) | undefined;
  /** The state of the files while it was seen to do the same again and again; -1 where it was not. */
  repeatsAt: number;
}

/** A run of a container, with the files that it has for itself. */
export interface Room {
  readonly input: RunInput;
  readonly site: ContainerSite;
  readonly files: FileSystem;
  readonly env: ReadonlyMap<string, Bytes>;
  readonly log: LogWriter;
  readonly servers: Serving[];
  readonly signals: string[];
  readonly machine: Machine;
  /** It has a trap for the signal to stop. */
  handlesStop: boolean;
  isStopped?: true;
  end?: { readonly atMs: number; readonly code: number; readonly message: Bytes };
}

/** All processes and files of a pod at a moment of their replay. */
export class World {
  readonly #site: PodSite;
  readonly volumes = new Map<string, Volume>();
  readonly rooms: Room[] = [];
  processes: Process[] = [];
  nowMs: number;
  /** What is run now is a command that somebody put in. */
  isAside = false;
  steps = 0;
  /** Calls of runs that nothing is known of yet. */
  readonly calls: OpenCalls;
  #current: Caller | undefined;
  #changes = 0;
  /** Lines that servers have written about what they were asked. */
  logged = 0;
  #stepsNow = 0;
  #jobs = 1;
  readonly #roots: Volume[] = [];

  constructor(site: PodSite, sinceMs: number, answers: PodHistory['answers'] = []) {
    this.#site = site;
    this.calls = new OpenCalls(answers);
    this.nowMs = sinceMs;
    for (const spec of site.pod.spec?.volumes ?? [])
      this.volumes.set(spec.name, emptyVolume(spec, site.pod, sinceMs));
    for (const { name } of everyContainer(site.pod))
      this.volumes.set(cgroupVolume(name), cgroupFiles(sinceMs));
  }

  /** Counts changes of all files, and of what programs remember. */
  get version(): number {
    let version = this.#changes;
    for (const { version: own } of this.volumes.values()) version += own;
    for (const { version: own } of this.#roots) version += own;
    return version;
  }

  moveTo(atMs: number): void {
    if (atMs <= this.nowMs) return;
    this.nowMs = atMs;
    this.#stepsNow = 0;
  }

  /** Begins a run; its program starts with the next round. */
  begin(input: RunInput): Room | undefined {
    const spec = everyContainer(this.#site.pod).find(({ name }) => name === input.container);
    if (!spec) return undefined;
    const room = this.#roomOf(input, spec);
    this.rooms.push(room);
    const program = programOf(room.site.image, input.argv[0] ?? '');
    if (!program) return room;
    this.start(room, input.argv, { isMain: true, caller: this.calls.ofRun(input) });
    return room;
  }

  /** Starts a program in a container; without one there is none. */
  start(
    room: Room,
    argv: readonly Bytes[],
    {
      isMain = false,
      caller,
      ...streams
    }: { isMain?: boolean; caller: Caller } & Partial<Pick<Task, 'input' | 'out' | 'err'>>,
  ): Process | undefined {
    const program = programOf(room.site.image, argv[0] ?? '');
    if (!program) return undefined;
    const { files, machine, log, env } = room;
    const write = (bytes: Bytes): void => log.write(bytes, this.nowMs);
    const cwd = room.site.spec.workingDir ?? room.site.image?.directory ?? '/';
    const task: Task = {
      argv,
      env: new Map(env),
      cwd,
      files,
      machine,
      // Only to a container with standard input somebody may write yet.
      input: room.site.spec.stdin ? NO_INPUT : inputOf(''),
      out: write,
      err: write,
      ...streams,
    };
    const running = (function* (): Running {
      const result = program(task);
      return typeof result === 'number' ? result : yield* result;
    })();
    return this.add(room, running, { isMain, caller });
  }

  add(
    room: Room,
    running: Running,
    { isMain = false, caller }: { isMain?: boolean; caller: Caller },
  ): Process {
    const job: Job = { id: ++this.#jobs };
    const process: Process = {
      running,
      room,
      isMain,
      job,
      caller,
      wakeMs: this.nowMs,
      isDone: undefined,
      repeatsAt: -1,
    };
    this.processes.push(process);
    return process;
  }

  #roomOf(input: RunInput, spec: Container): Room {
    const site = containerSite(this.#site, spec);
    const root = rootOf(this.#site, site, this.nowMs);
    this.#roots.push(root);
    const env = new Map(input.env);
    const mounts = mountsOf(site, env, root, this.volumes, this.nowMs);
    const files = new FileSystem(mounts, site.who, () => this.nowMs);
    const room: Omit<Room, 'machine'> = {
      input,
      site,
      files,
      env,
      log: new LogWriter(),
      servers: [],
      signals: [],
      handlesStop: false,
    };
    const whole = room as { -readonly [Key in keyof Room]: Room[Key] };
    whole.machine = this.#machineOf(whole);
    return whole;
  }

  #machineOf(room: Room): Machine {
    const world = this;
    let usesClock = false;
    return {
      facts: room.site.facts,
      nowMs: () => world.nowMs,
      find: (name) =>
        world.isAside ? programOf(room.site.image, name) : calledProgram(room.site.image, name),
      start: (running) => world.add(room, running, { caller: world.#current! }).job,
      listen: (server) => room.servers.push({ server, sinceMs: world.nowMs }),
      change: () => {
        world.#changes++;
      },
      call: (call) => {
        // What comes of it may be something else the next time.
        usesClock = true;
        return world.#call(room, call);
      },
      signals: () => room.signals.splice(0),
      get hasSignals() {
        return room.signals.length > 0;
      },
      handle: (signal) => {
        if (signal === 'TERM') room.handlesStop = true;
      },
      stop: (job) => {
        job.code = 143;
        world.processes = world.processes.filter((each) => each.job !== job);
      },
      step: () => world.#step(),
      useClock: () => {
        usesClock = true;
      },
      get usesClock() {
        return usesClock;
      },
      get version() {
        return world.version;
      },
    };
  }

  #step(): void {
    this.steps++;
    if (++this.#stepsNow > STEPS_AT_ONCE_MAX || this.steps > STEPS_MAX) throw new Busy();
  }

  /** Ends a run: with its main process go the others. */
  end(room: Room, code: number): void {
    const path = room.site.spec.terminationMessagePath ?? '/dev/termination-log';
    const message = room.files.look(path)?.bytes ?? '';
    room.end = { atMs: this.nowMs, code, message };
    this.stop(room);
  }

  stop(room: Room): void {
    room.isStopped = true;
    this.processes = this.processes.filter((each) => each.room !== room);
  }

  /** Lets every process go on that may, until all wait. Returns whether any did. */
  advance(): boolean {
    let hasMoved = false;
    for (let goesOn = true; goesOn; ) {
      goesOn = false;
      for (const process of this.processes) {
        if (!this.processes.includes(process)) continue;
        const isDue = process.wakeMs <= this.nowMs || process.isDone?.() === true;
        if (!isDue) continue;
        this.#resume(process);
        goesOn = true;
        hasMoved = true;
      }
    }
    return hasMoved;
  }

  /** Lets a process go on to its next pause. */
  resume({ running, caller }: Process): IteratorResult<Pause, number> {
    const before = this.#current;
    this.#current = caller;
    try {
      return running.next();
    } finally {
      this.#current = before;
    }
  }

  #call(room: Room, call: Call): Ticket {
    const ticket: Ticket = { call, atMs: this.nowMs };
    const caller = this.#current!;
    if (!isOwn(call, room.site.facts, this.#site.pod)) {
      this.calls.open(ticket, caller);
      return ticket;
    }
    this.serve(call, { clientIp: room.site.facts.podIp, caller }, (answer) => {
      ticket.answer = answer;
    });
    return ticket;
  }

  /** Who listens at a port: containers of a pod share them. */
  servingAt(port: number, protocol: 'TCP' | 'UDP' | 'SCTP'): [Room, Serving] | undefined {
    for (const room of this.rooms.toReversed()) {
      if (room.end || room.isStopped) continue;
      const found = room.servers.findLast(
        ({ server }) => server.port === port && (server.protocol ?? 'TCP') === protocol,
      );
      if (found) return [room, found];
    }
    return undefined;
  }

  /** Has a call answered by whoever listens in this pod: at once, or when a process of the server's is done. */
  serve(
    call: Call,
    { clientIp, caller }: { readonly clientIp: string; readonly caller: Caller },
    tell: (answer: Answer) => void,
  ): void {
    const found = 'port' in call ? this.servingAt(call.port, protocolOf(call)) : undefined;
    if (!found) {
      tell(call.kind === 'echo' ? ECHO : REFUSED);
      return;
    }
    const [room, serving] = found;
    const asked = askedBy(call, serving, { clientIp, nowMs: this.nowMs });
    if (!('page' in asked)) {
      tell(bytesAnswer(call, asked.said));
      return;
    }
    const { server } = serving;
    const serve = server.serve?.(asked.page);
    const say = (served: ServedAnswer): void => {
      if (served.log !== undefined) {
        room.log.write(`${served.log}\n`, this.nowMs);
        this.logged++;
      }
      tell(pageAnswer(call, served));
    };
    if (!serve) {
      say(server.answer(asked.page));
      return;
    }
    const running = (function* (): Running {
      say(yield* serve);
      return 0;
    })();
    this.add(room, running, { caller });
  }

  #resume(process: Process): void {
    try {
      const { value, done } = this.resume(process);
      if (done) {
        this.#finish(process, value);
        return;
      }
      const { untilMs, isDone, repeats } = value;
      process.wakeMs = untilMs ?? FOREVER;
      process.isDone = isDone;
      process.repeatsAt = repeats ? this.version : -1;
      if (process.wakeMs <= this.nowMs) process.wakeMs = this.nowMs + 1;
    } catch (error) {
      if (!isEndless(error)) throw error;
      process.wakeMs = FOREVER;
      process.isDone = () => false;
    }
  }

  #finish(process: Process, code: number): void {
    process.job.code = code;
    this.processes = this.processes.filter((each) => each !== process);
    if (process.isMain) this.end(process.room, code);
  }

  get nextMs(): number {
    return this.processes.reduce((least, { wakeMs }) => Math.min(least, wakeMs), FOREVER);
  }

  /** Nothing will change but by what comes from outside. */
  get isSteady(): boolean {
    const { version } = this;
    return this.processes.every(
      ({ wakeMs, repeatsAt }) => wakeMs === FOREVER || repeatsAt === version,
    );
  }
}
