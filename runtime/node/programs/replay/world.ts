import type { Container } from '../../../../generated/core/v1/types.ts';
import { cgroupVolume } from '../cgroup-mount.ts';
import { FileSystem, type Volume } from '../files/index.ts';
import type { RunInput } from '../history.ts';
import { calledProgram, programOf } from '../images.ts';
import type { Job, Machine, Server } from '../machine.ts';
import { type Bytes, inputOf, NO_INPUT, type Running, type Task, Unfed } from '../process.ts';
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
import { LogWriter } from './log-writer.ts';

const FOREVER = Number.POSITIVE_INFINITY;
/** Steps of one moment: who takes more is busy for ever. */
const STEPS_AT_ONCE_MAX = 20_000;
const STEPS_MAX = 400_000;

/** A program that does more than is followed. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

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
  readonly servers: { readonly server: Server; readonly sinceMs: number }[];
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
  #stepsNow = 0;
  #jobs = 1;
  readonly #roots: Volume[] = [];

  constructor(site: PodSite, sinceMs: number) {
    this.#site = site;
    this.nowMs = sinceMs;
    for (const spec of site.pod.spec?.volumes ?? [])
      this.volumes.set(spec.name, emptyVolume(spec, site.pod, sinceMs));
    for (const { name } of everyContainer(site.pod))
      this.volumes.set(cgroupVolume(name), cgroupFiles(sinceMs));
  }

  /** Counts changes of all files. */
  get version(): number {
    let version = 0;
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
    this.start(room, input.argv, { isMain: true });
    return room;
  }

  /** Starts a program in a container; without one there is none. */
  start(
    room: Room,
    argv: readonly Bytes[],
    {
      isMain = false,
      ...streams
    }: { isMain?: boolean } & Partial<Pick<Task, 'input' | 'out' | 'err'>> = {},
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
    return this.add(room, running, isMain);
  }

  add(room: Room, running: Running, isMain: boolean): Process {
    const job: Job = { id: ++this.#jobs };
    const process: Process = {
      running,
      room,
      isMain,
      job,
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
      start: (running) => world.add(room, running, false).job,
      listen: (server) => room.servers.push({ server, sinceMs: world.nowMs }),
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

  #resume(process: Process): void {
    try {
      const { value, done } = process.running.next();
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
