import type { Control, Subscription, Transport } from '../client/index.ts';
import type { KindDescriptor, KubeObject, ResourceRef } from '../meta/index.ts';
import { changeLines } from './change-lines.ts';
import { elapsedText } from './duration-text.ts';
import { objectName } from './outcome.ts';

interface Kind {
  readonly ref: ResourceRef;
  readonly descriptor: KindDescriptor;
}

interface Followed {
  readonly descriptor: KindDescriptor;
  readonly events: Subscription<KubeObject>;
}

/** A cluster as the log needs it. */
export interface Watched {
  /** Those that are served now: definitions may add to them, and then it is another list. */
  readonly kinds: readonly Kind[];
  readonly transport: Pick<Transport, 'subscribe'>;
  readonly control: Pick<
    Control,
    'clock' | 'converged' | 'components' | 'faults' | 'sleepers' | 'progress' | 'revision'
  >;
}

/**
 * What happens in a cluster, a line a change, for readers without a screen. After changes it says once that the cluster has
 * converged, or what it waits for when nothing but the outside can help.
 */
export class ChangeLog {
  readonly #watched: Watched;
  readonly #print: (line: string) => void;
  /** By group, version and name of the resource. */
  readonly #followed = new Map<string, Followed>();
  #kinds: readonly Kind[] | undefined;
  #owesVerdict = true;
  /** Phases as last told, by fault. */
  readonly #phases = new Map<string, string>();

  constructor(watched: Watched, print: (line: string) => void) {
    this.#watched = watched;
    this.#print = print;
    this.#followKinds();
  }

  /**
   * What is there from the start, as in every cluster, is no news; objects of a kind that comes later are. A kind that is served no
   * more goes on being followed: it may come back.
   */
  #followKinds(): void {
    const { kinds, transport } = this.#watched;
    if (kinds === this.#kinds) return;
    const initial = this.#kinds !== undefined;
    this.#kinds = kinds;
    for (const { ref, descriptor } of kinds) {
      const id = `${ref.group}/${ref.version}/${ref.resource}`;
      const known = this.#followed.get(id);
      const events =
        known?.events ??
        transport.subscribe<KubeObject>(ref as ResourceRef<KubeObject>, {
          notify: () => {},
          initial,
        });
      this.#followed.set(id, { descriptor, events });
    }
  }

  /** Something came from outside: a verdict is owed even if it changes nothing. */
  expectVerdict(): void {
    this.#owesVerdict = true;
  }

  /** Prints what has happened since the last time. `busy`: more is on its way, so no verdict yet. */
  flush(busy: boolean): void {
    const { nowMs, elapsedMs } = this.#watched.control.clock();
    this.#followKinds();
    for (const { descriptor, events } of this.#followed.values())
      for (let event = events.next(); event; event = events.next())
        for (const text of changeLines(descriptor, event, nowMs)) {
          this.#print(`${elapsedText(elapsedMs)}  ${text}`);
          this.#owesVerdict = true;
        }
    this.#faults(elapsedMs);
    if (this.#owesVerdict && !busy) this.#verdict(elapsedMs);
  }

  close(): void {
    for (const { events } of this.#followed.values()) events.close();
  }

  #faults(elapsedMs: number): void {
    for (const { id, text, phase, strikes } of this.#watched.control.faults()) {
      const before = this.#phases.get(id);
      if (before === phase) continue;
      this.#phases.set(id, phase);
      const struck = strikes > 0 ? `  ${strikes} strikes` : '';
      this.#print(`${elapsedText(elapsedMs)}  fault    ${text}  ${phase}${struck}`);
      this.#owesVerdict = true;
    }
  }

  #verdict(elapsedMs: number): void {
    const { control } = this.#watched;
    const time = elapsedText(elapsedMs);
    if (control.converged) {
      this.#owesVerdict = false;
      this.#print(`${time}  converged  revision ${control.revision()}`);
    } else if (atRest(control)) {
      this.#owesVerdict = false;
      for (const each of control.progress().filter(({ atGoal }) => !atGoal))
        this.#print(`${time}  waiting  ${objectName(each)}  ${each.waitingFor ?? ''}`.trimEnd());
    }
  }
}

/** Nobody has work, and no timer but those that come back for ever will bring any. */
function atRest({ components, sleepers }: Watched['control']): boolean {
  if (components().some(({ ready }) => ready)) return false;
  return !sleepers(Number.POSITIVE_INFINITY).some(({ kind }) => kind === 'work');
}
