import type { FaultKind } from '../kind.ts';
import { NOTICED_MS } from './noticed.ts';

/** All machines of a failure domain stand still, also those that would join it meanwhile. */
export const zone: FaultKind<string> = {
  name: 'zone',
  form: 'zone=NAME',
  about: 'all machines of the zone stand still; in the end they boot',
  aftermathMs: NOTICED_MS,
  parse: (reader) => reader.name('zone'),
  text: (name) => name,
  ailment: (name) => ({ kind: 'off', place: { zone: name } }),
};
