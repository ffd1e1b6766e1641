import { afterWall, stopwatch, wallClock, yieldToEventLoop } from '../base/index.ts';
import type { ClockMode } from '../client/index.ts';
import type { Cluster } from './cluster.ts';

/** Real time of uninterrupted work before keys and frames get their turn. */
const SLICE_MS = 8;
/** How far eager time may run ahead after the last thing that came from outside, and after the faults that are known; then it follows the wall. */
const EAGER_LIMIT_MS = 30 * 60_000;

/**
 * Drives a cluster while somebody watches: in slices, so that the screen stays alive, and by the clock mode that the
 * watcher chose. Virtual time never overtakes the wall's date.
 */
export class Pacer {
  readonly #cluster: Cluster;
  readonly #listeners = new Set<() => void>();
  #mode: ClockMode;
  #speed = 1;
  #wallAnchorMs = wallClock.now();
  #virtualAnchorMs: number;
  #eagerUntilMs: number;
  #stopped = false;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(cluster: Cluster, mode: ClockMode) {
    this.#cluster = cluster;
    this.#mode = mode;
    this.#virtualAnchorMs = cluster.now();
    this.#eagerUntilMs = this.#eagerLimit();
    cluster.loop.onWork = () => this.#wake?.();
  }

  get mode(): ClockMode {
    return this.#mode;
  }

  get speed(): number {
    return this.#speed;
  }

  setMode(mode: ClockMode): void {
    this.#mode = mode;
    this.#anchor();
    this.#wake?.();
    this.#tell();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#anchor();
    this.#wake?.();
    this.#tell();
  }

  /** Something came from outside (a save, a command): eager time may jump again. */
  nudge(): void {
    this.#eagerUntilMs = this.#eagerLimit();
    this.#wake?.();
    this.#tell();
  }

  #eagerLimit(): number {
    const { faults } = this.#cluster;
    return Math.max(this.#cluster.now(), faults.quietMs) + EAGER_LIMIT_MS;
  }

  /** Brings the clock up to the wall's, between two units of work: somebody from outside is about to ask for something. */
  sync(): void {
    const { loop } = this.#cluster;
    if (this.#mode === 'paused' || !loop.idle) return;
    const next = loop.nextTimerMs() ?? Number.POSITIVE_INFINITY;
    loop.clock.moveTo(Math.min(Math.floor(this.#targetMs()), next));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the unit of work that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#running;
  }

  /** While paused: one unit of work, or else the next moment at which there is some. */
  async step(): Promise<void> {
    const { loop } = this.#cluster;
    const did = await loop.step();
    const next = loop.nextTimerMs();
    if (!did && next !== undefined) loop.fireUntil(next);
    this.#tell();
  }

  /** While paused: what is left to do at this moment, `unitsMax` at most. Time stands still. */
  async finishMoment(unitsMax: number): Promise<void> {
    const { loop } = this.#cluster;
    for (let unit = 0; unit < unitsMax && this.#mode === 'paused'; unit++)
      if (!(await loop.step())) break;
    this.#tell();
  }

  /**
   * Runs on as fast as it can until `reached`, at the latest until `atMs`, and stands still there. False when it was not
   * reached, or another mode was set meanwhile.
   */
  async runUntil(reached: () => boolean, atMs: number): Promise<boolean> {
    const { loop } = this.#cluster;
    this.setMode('paused');
    let elapsed = stopwatch();
    while (!reached()) {
      if (this.#mode !== 'paused' || this.#stopped) return false;
      if (await loop.step()) {
        if (elapsed() < SLICE_MS) continue;
        this.#tell();
        await yieldToEventLoop();
        elapsed = stopwatch();
        continue;
      }
      this.#cluster.keepMoment();
      const next = loop.nextTimerMs();
      if (next === undefined || next > atMs) {
        loop.clock.moveTo(Math.max(loop.now(), Math.min(atMs, wallClock.now())));
        break;
      }
      loop.fireUntil(next);
    }
    if (loop.idle) this.#cluster.keepMoment();
    this.#tell();
    return reached();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#mode === 'paused') await this.#sleep(undefined);
      else if (!(await this.#slice())) await this.#pass();
    }
  }

  /** Works for a while; false if nothing was ready. */
  async #slice(): Promise<boolean> {
    const { loop } = this.#cluster;
    if (loop.idle) return false;
    const elapsed = stopwatch();
    do {
      const did = loop.step();
      if (did === false) break;
      if (did !== true) await did;
    } while (elapsed() < SLICE_MS && this.#mode !== 'paused');
    this.#tell();
    await yieldToEventLoop();
    return true;
  }

  /** Lets time pass: by a jump, or by waiting. */
  async #pass(): Promise<void> {
    const { loop, converged } = this.#cluster;
    if (!loop.idle) return;
    this.#cluster.keepMoment();
    const next = loop.nextTimerMs();
    const jumps =
      this.#mode === 'eager' &&
      !converged &&
      loop.workTimerCount > 0 &&
      next !== undefined &&
      next <= Math.min(this.#eagerUntilMs, wallClock.now());
    if (jumps) {
      loop.fireUntil(next);
      this.#anchor();
      return;
    }
    // A fault made the clock jump ahead.
    if (this.#cluster.now() > this.#targetMs()) this.#anchor();
    const targetMs = this.#targetMs();
    if (next !== undefined && next <= targetMs) {
      loop.fireUntil(next);
      return;
    }
    loop.clock.moveTo(Math.floor(targetMs));
    this.#tell();
    await this.#sleep(next === undefined ? undefined : (next - targetMs) / this.#rate());
  }

  /** Where the clock would stand now if it followed the wall. */
  #targetMs(): number {
    const wallElapsedMs = wallClock.now() - this.#wallAnchorMs;
    return this.#virtualAnchorMs + wallElapsedMs * this.#rate();
  }

  #rate(): number {
    return this.#mode === 'eager' ? 1 : this.#speed;
  }

  #anchor(): void {
    this.#wallAnchorMs = wallClock.now();
    this.#virtualAnchorMs = this.#cluster.now();
  }

  #sleep(delayMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const cancel = delayMs === undefined ? undefined : afterWall(Math.max(1, delayMs), done);
      function done(): void {
        cancel?.();
        resolve();
      }
      this.#wake = () => {
        this.#wake = undefined;
        done();
      };
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
