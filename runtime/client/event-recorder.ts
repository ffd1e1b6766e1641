import { events } from '../../generated/core/v1/resources.ts';
import type { Event, ObjectReference } from '../../generated/core/v1/types.ts';
import { formatTime, isAlreadyExists, isNotFound, type KubeObject } from '../meta/index.ts';
import { VOUCHED } from './api-client.ts';
import type { Client, Init } from './client.ts';
import type { EventCorrelator, Observation } from './event-correlator.ts';

/**
 * Records Events (core/v1) about objects, as `kubectl events` shows them; repeats are counted, not stored again.
 * `event` only notes it; whoever made the recorder flushes after its unit of work.
 */
export interface EventRecorder {
  event(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    /** `spec.containers{web}` for container events. */
    fieldPath?: string,
    /** How often it has happened since it was last told; once when left out. */
    times?: number,
  ): void;
}

/** Who reports: a component's name, and for kubelets the node. */
export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

/** An event that is to be written, at its own time. */
export interface NotedEvent {
  readonly atMs: number;
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly fieldPath: string | undefined;
  readonly times: number;
}

const NAME_ATTEMPTS = 5;

/** A recorder that keeps what it is told until `flush`, which writes it through the client of the same unit of work. */
export class BufferedRecorder implements EventRecorder {
  readonly #source: EventSource;
  readonly #correlator: EventCorrelator;
  readonly #now: () => number;
  #noted: NotedEvent[] = [];

  constructor(source: EventSource, correlator: EventCorrelator, now: () => number) {
    this.#source = source;
    this.#correlator = correlator;
    this.#now = now;
  }

  event: EventRecorder['event'] = (about, type, reason, message, fieldPath, times = 1) => {
    this.#noted.push({ atMs: this.#now(), about, type, reason, message, fieldPath, times });
  };

  /** Takes away what was noted, to be written later by a recorder that resumes it. */
  take(): readonly NotedEvent[] {
    return this.#noted.splice(0);
  }

  resume(noted: readonly NotedEvent[]): void {
    this.#noted.push(...noted);
  }

  /** Writes what was noted. An event that cannot be stored is lost, as upstream: it must not fail the work. */
  async flush(client: Client): Promise<void> {
    if (this.#noted.length === 0) return;
    const noted = this.#noted;
    this.#noted = [];
    for (const each of noted) await this.#store(client, each);
  }

  async #store(client: Client, noted: NotedEvent): Promise<void> {
    const { about, fieldPath = '', type, reason, message, times, atMs } = noted;
    const { metadata } = about;
    const name = (): string => `${metadata.name}.${this.#correlator.nextSuffix(atMs)}`;
    const said = { object: aboutOf(about), field: fieldPath, type, reason, message, times };
    const observed = this.#correlator.observe(said, atMs, name);
    if (!observed || (observed.isKnown && (await this.#count(client, noted, observed)))) return;
    for (let attempt = 0, own = observed.name; attempt < NAME_ATTEMPTS; attempt++, own = name()) {
      try {
        await client.create(events, this.#build(noted, { ...observed, name: own }), VOUCHED);
        if (attempt > 0) this.#correlator.rename(observed, own);
        return;
      } catch (error) {
        // Another component took the name at the same moment: the next number. Anything else (a namespace that is going
        // away) takes the event with it.
        if (!isAlreadyExists(error)) return;
      }
    }
  }

  /** False where the Event that it is to be counted in is not there any more. */
  async #count(
    client: Client,
    { about, atMs }: NotedEvent,
    { name, count, message }: Observation,
  ): Promise<boolean> {
    const patch = { count, lastTimestamp: formatTime(atMs), message };
    const target = { name, namespace: about.metadata.namespace ?? 'default' };
    try {
      await client.patch(events, target, patch, { type: 'application/merge-patch+json' });
      return true;
    } catch (error) {
      return !isNotFound(error);
    }
  }

  #build(noted: NotedEvent, { name, count, firstMs, message }: Observation): Init<Event> {
    const { metadata } = noted.about;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name,
        namespace: metadata.namespace ?? 'default',
      },
      involvedObject: referenceTo(noted.about, noted.fieldPath),
      reason: noted.reason,
      message,
      source: this.#source,
      firstTimestamp: formatTime(firstMs),
      lastTimestamp: formatTime(noted.atMs),
      count,
      type: noted.type,
      reportingComponent: this.#source.component,
      reportingInstance: this.#source.host ?? '',
    };
  }
}

/** As which object events are correlated. */
export function aboutOf({ metadata }: Pick<KubeObject, 'metadata'>): string {
  return metadata.uid ?? metadata.name ?? '';
}

function referenceTo(object: KubeObject, fieldPath: string | undefined): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    kind: object.kind,
    apiVersion: object.apiVersion,
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(uid ? { uid } : {}),
    ...(resourceVersion ? { resourceVersion } : {}),
    ...(fieldPath ? { fieldPath } : {}),
  };
}
