import { expect, it } from 'vitest';
import type { KubeObject } from '../../meta/index.ts';
import type { FakeWorld } from '../fakes.ts';
import { shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';

/** A shop in which the server knows who wrote the replicas; no lister does. */
function owned(): FakeWorld {
  const world = shop();
  const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
  const managedFields = ['slipway', 'kubectl'].map((manager) => ({ manager, fieldsV1 }));
  world.owned = (object): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, managedFields },
  });
  return world;
}

it('shows who wrote a field, in the comparison', () => {
  const { lines } = new Person(owned(), { columns: 120 }).type(':deploy<enter>jD');
  expect(lines.find((line) => line.includes('spec.replicas'))).toContain('slipway,kubectl');
});

it('shows managedFields in YAML when it is asked to, and not before', () => {
  const person = new Person(owned(), { rows: 60 }).type(':deploy<enter>jy');
  expect(person.screen).not.toContain('managedFields');
  expect(person.type('m').screen).toContain('manager: kubectl');
  expect(person.type('m').screen).not.toContain('managedFields');
});
