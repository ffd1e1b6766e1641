/**
 * Events of events.k8s.io/v1: those of v1 under other names. What older clients fill in is called deprecated there.
 */
import type { KubeObject } from '../../meta/index.ts';
import type { FieldConversion } from './conversion.ts';

/** Names in events.k8s.io/v1 by those of v1; all others are the same. */
const NAMES: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};
const STORED_NAMES = Object.fromEntries(Object.entries(NAMES).map(([old, now]) => [now, old]));

export const events: FieldConversion = {
  /** Texts that v1 writes even when they are empty are left out. */
  fromStorage: (object) =>
    renamed(object, NAMES, ([name, value]) => value !== '' || !name.startsWith('reporting')),
  toStorage: (object) => renamed(object, STORED_NAMES),
};

function renamed(
  object: KubeObject,
  names: Readonly<Record<string, string>>,
  keeps: (entry: [string, unknown]) => boolean = () => true,
): KubeObject {
  const entries = Object.entries(object)
    .filter(keeps)
    .map(([name, value]) => [names[name] ?? name, value]);
  return Object.fromEntries(entries) as KubeObject;
}
