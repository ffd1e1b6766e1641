import type { FaultKind } from '../kind.ts';
import { NOTICED_MS } from './noticed.ts';

/** A machine stands still: no heartbeat, and its containers are gone when it boots. */
export const node: FaultKind<string> = {
  name: 'node',
  form: 'node=NAME',
  about: 'the machine stands still; in the end it boots and starts its containers again',
  aftermathMs: NOTICED_MS,
  parse: (reader) => reader.name('node'),
  text: (name) => name,
  ailment: (name) => ({ kind: 'off', place: { node: name } }),
};
