import { describe, expect, it } from 'vitest';
import type { ControllerRevision, StatefulSet } from '../../generated/apps/v1/types.ts';
import type { PodTemplateSpec } from '../../generated/core/v1/types.ts';
import type { Client } from '../client/index.ts';
import { alreadyExists } from '../meta/index.ts';
import {
  historyOf,
  type RevisionNaming,
  revisionData,
  templateOf,
  writePresent,
} from './history.ts';

const templateWith = (image: string): PodTemplateSpec => ({
  spec: { containers: [{ name: 'c', image }] },
  metadata: { labels: { app: 'db' } },
});

function revisionOf(image: string, revision: number, name = `db-${image}`): ControllerRevision {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name, namespace: 'shop' },
    data: revisionData(templateWith(image)),
    revision,
  };
}

const set: StatefulSet = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'shop', uid: 'u', annotations: { note: 'why' } },
  spec: { selector: { matchLabels: { app: 'db' } }, template: templateWith('a') },
  status: { replicas: 0, collisionCount: 3 },
};

describe('a revision', () => {
  it('keeps the template as a sorted patch that puts it back', () => {
    const template = templateWith('a');
    expect(JSON.stringify(revisionData(template))).toBe(
      '{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"db"}},' +
        '"spec":{"containers":[{"image":"a","name":"c"}]}}}}',
    );
    expect(JSON.stringify(revisionData(template, true))).toContain(
      '"metadata":{"creationTimestamp":null,"labels":{"app":"db"}}',
    );
    const revision = revisionOf('a', 1);
    expect(templateOf(revision)).toEqual(template);
    expect(templateOf(revision)).toBe(templateOf({ ...revision, revision: 2 }));
  });
});

describe('a history', () => {
  it('begins with the first template', () => {
    expect(historyOf(templateWith('a'), [])).toEqual({ revision: 1, duplicates: [], past: [] });
  });

  it('knows the present template again, and makes it the last when others came since', () => {
    const [a, b] = [revisionOf('a', 1), revisionOf('b', 2)];
    expect(historyOf(templateWith('b'), [b, a])).toMatchObject({ present: b, revision: 2 });
    expect(historyOf(templateWith('a'), [b, a])).toMatchObject({ present: a, revision: 3 });
    const next = historyOf(templateWith('c'), [b, a]);
    expect(next).toEqual({ revision: 3, duplicates: [], past: [a, b] });
  });

  it('takes the latest of several with the present template', () => {
    const [first, second] = [revisionOf('a', 1), revisionOf('a', 4, 'db-again')];
    const { present, revision, duplicates } = historyOf(templateWith('a'), [second, first]);
    expect(present).toBe(second);
    expect([revision, duplicates]).toEqual([4, [first]]);
  });

  it('counts a name that something else has as a collision', async () => {
    const naming: RevisionNaming = { hash: (_, collisions) => `h${collisions}`, label: 'hash' };
    const taken = new Set(['db-h3', 'db-h4']);
    const client = {
      create: (_: unknown, object: ControllerRevision) => {
        if (taken.has(object.metadata.name ?? ''))
          throw alreadyExists({ group: 'apps', resource: 'controllerrevisions', name: 'x' });
        return object;
      },
      get: () => revisionOf('other', 1),
    } as unknown as Client;
    const history = historyOf(set.spec!.template, []);
    const { present, collisionCount } = await writePresent(client, set, history, naming);
    expect(collisionCount).toBe(5);
    expect(present.metadata).toMatchObject({
      name: 'db-h5',
      annotations: { note: 'why' },
      labels: { app: 'db', hash: 'h5' },
      ownerReferences: [{ kind: 'StatefulSet', name: 'db' }],
    });
  });
});
