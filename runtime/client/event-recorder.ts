import { events } from '../../generated/core/v1/resources.ts';
import type { Event, ObjectReference } from '../../generated/core/v1/types.ts';
import { formatTime, isAlreadyExists, isNotFound, type KubeObject } from '../meta/index.ts';
import { VOUCHED } from './api-client.ts';
import type { Client, Init } from './client.ts';
import type { EventCorrelator, EventVerdict } from './event-correlator.ts';

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

  event: EventRecorder['event'] = (about, type, reason, message, fieldPath) => {
    this.#noted.push({ atMs: this.#now(), about, type, reason, message, fieldPath });
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
    const { metadata } = noted.about;
    const about = `${metadata.uid ?? metadata.name}${noted.fieldPath ?? ''}`;
    const reason = `${noted.type}/${noted.reason}`;
    const verdict = this.#correlator.judge(about, reason, noted.message, noted.atMs);
    if (verdict.kind === 'drop') return;
    if (verdict.kind === 'count') {
      const counted = await this.#count(client, noted, verdict);
      if (counted) return;
    }
    for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
      try {
        const event = this.#build(noted, verdict.message);
        const created = await client.create(events, event, VOUCHED);
        this.#correlator.stored(verdict.id, created.metadata.name ?? '', 1);
        return;
      } catch (error) {
        // Another component took the name at the same moment: the next number. Anything else (a namespace that is going
        // away) takes the event with it.
        if (!isAlreadyExists(error)) return;
      }
    }
  }

  async #count(
    client: Client,
    noted: NotedEvent,
    verdict: Extract<EventVerdict, { kind: 'count' }>,
  ): Promise<boolean> {
    const patch = {
      count: verdict.count,
      lastTimestamp: formatTime(noted.atMs),
      message: verdict.message,
    };
    const target = { name: verdict.name, namespace: noted.about.metadata.namespace ?? 'default' };
    try {
      await client.patch(events, target, patch, { type: 'application/merge-patch+json' });
      this.#correlator.stored(verdict.id, verdict.name, verdict.count);
      return true;
    } catch (error) {
      return !isNotFound(error);
    }
  }

  #build(noted: NotedEvent, message: string): Init<Event> {
    const time = formatTime(noted.atMs);
    const { metadata } = noted.about;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${metadata.name}.${this.#correlator.nextSuffix(noted.atMs)}`,
        namespace: metadata.namespace ?? 'default',
      },
      involvedObject: referenceTo(noted.about, noted.fieldPath),
      reason: noted.reason,
      message,
      source: this.#source,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type: noted.type,
      reportingComponent: this.#source.component,
      reportingInstance: this.#source.host ?? '',
    };
  }
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
