import { describe, expect, it } from 'vitest';
import type { ApiRequest, KubeObject } from '../meta/index.ts';
import type { ServedEvent, ServedWatch } from './watch.ts';
import { Watchers } from './watchers.ts';

const PODS = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };

const request = (name: string, fieldManager?: string, namespace?: string): ApiRequest => ({
  ...{ verb: 'list', resource: PODS, namespace },
  ...{ user: { name, groups: [] }, cause: { component: 'http', record: 0 } },
  ...(fieldManager ? { options: { fieldManager } } : {}),
});

const event = (type: ServedEvent['type'], revision: number): ServedEvent => ({
  type,
  object: { metadata: { resourceVersion: String(revision) } } as KubeObject,
});

/** A watch of what is put into `events`. */
function source(events: ServedEvent[]): { watch: ServedWatch; closed: () => number } {
  let closed = 0;
  const watch: ServedWatch = {
    next: () => events.shift(),
    bookmark: () => event('BOOKMARK', 90),
    close: () => closed++,
  };
  return { watch, closed: () => closed };
}

describe('who follows what', () => {
  it('is counted by user, program, resource and namespace', () => {
    const watchers = new Watchers();
    const follow = (from: ApiRequest) =>
      watchers.follow(
        from,
        () => source([]).watch,
        () => {},
      );
    follow(request('bob', 'kubectl'));
    follow(request('bob', 'kubectl'));
    follow(request('bob'));
    follow(request('bob', 'kubectl', 'shop'));
    expect(watchers.list().map(({ who, resource, streams }) => [who, resource, streams])).toEqual([
      ['bob (kubectl)', 'pods', 2],
      ['bob', 'pods', 1],
      ['bob (kubectl)', 'pods in shop', 1],
    ]);
  });

  it('says what was told, at which revision, and how often it had to begin anew', () => {
    const watchers = new Watchers();
    const events = [event('ADDED', 3), event('MODIFIED', 7)];
    const { watch, closed } = source(events);
    let heard = 0;
    let tell = (): void => {};
    const followed = watchers.follow(
      request('bob'),
      (notify) => {
        tell = notify;
        return watch;
      },
      () => heard++,
    );
    const state = () => watchers.list()[0];
    tell();
    tell();
    expect([heard, state()?.unread]).toEqual([2, 2]);
    while (followed.next());
    expect(state()).toMatchObject({ told: 2, revision: 7, unread: 0, bookmarks: 0, relists: 0 });
    expect(followed.bookmark().type).toBe('BOOKMARK');
    expect(state()).toMatchObject({ told: 2, revision: 90, bookmarks: 1 });
    events.push(event('ERROR', 0));
    tell();
    followed.next();
    followed.close();
    followed.close();
    expect(state()).toMatchObject({ streams: 0, told: 2, unread: 0, relists: 1 });
    expect(closed()).toBe(2);
  });

  it('has an end: who is gone is forgotten before who is still there', () => {
    const watchers = new Watchers();
    const open = (name: string) =>
      watchers.follow(
        request(name),
        () => source([]).watch,
        () => {},
      );
    open('first');
    open('second').close();
    for (let at = 0; at < 499; at++) open(`more-${at}`);
    const names = watchers.list().map(({ who }) => who);
    expect(names).toHaveLength(500);
    expect(names[0]).toBe('first');
    expect(names).not.toContain('second');
  });
});
