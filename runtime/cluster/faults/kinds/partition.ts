import type { FaultPlace } from '../../../../generated/cluster/v1/types.ts';
import { placeText, readPlace } from '../form.ts';
import type { FaultKind } from '../kind.ts';
import { NOTICED_MS } from './noticed.ts';

/** Nodes and the API server do not hear of each other; containers go on. */
export const partition: FaultKind<FaultPlace> = {
  name: 'partition',
  form: 'partition=NODE|zone:ZONE',
  about: 'the network between the nodes and the API server is cut; containers go on',
  aftermathMs: NOTICED_MS,
  parse: (reader) => readPlace(reader, reader.target),
  text: placeText,
  ailment: (place) => ({ kind: 'cut', place }),
};
