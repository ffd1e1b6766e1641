import { describe, expect, it } from 'vitest';
import type { KubeObject, WatchEvent } from '../../meta/index.ts';
import { EventLog, type LogReader } from './event-log.ts';

function event(revision: number): WatchEvent {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } as KubeObject;
  return { type: 'ADDED', object, revision };
}

function readAll(reader: LogReader): number[] {
  const revisions: number[] = [];
  for (let next = reader.next(); next; next = reader.next()) revisions.push(next.revision);
  return revisions;
}

describe('EventLog', () => {
  it('hands every event to every reader, each at its own pace, what was there first', () => {
    const log = new EventLog();
    let told = 0;
    const eager = log.read({ notify: () => told++ }, [event(1), event(2)]);
    const late = log.read({ notify: () => {} }, []);
    log.push(event(3));
    expect([readAll(eager), eager.pending, told]).toEqual([[1, 2, 3], false, 1]);
    log.push(event(4));
    eager.close();
    log.push(event(5));
    expect([readAll(eager), readAll(late)]).toEqual([[4], [3, 4, 5]]);
  });

  it('passes over what does not concern a reader, and does not wake it', () => {
    const log = new EventLog();
    let told = 0;
    const concerns = ({ revision }: WatchEvent): boolean => revision % 2 === 0;
    const reader = log.read({ notify: () => told++, concerns }, []);
    for (const revision of [1, 2, 3]) log.push(event(revision));
    expect([readAll(reader), told]).toEqual([[2], 1]);
  });
});
