import type { PressureFault } from '../../../../generated/cluster/v1/types.ts';
import { optionsText, placeText, readPlace, shareText } from '../form.ts';
import type { FaultKind } from '../kind.ts';

/** Something beside the pods uses up a machine. */
export const pressure: FaultKind<PressureFault> = {
  name: 'pressure',
  form: 'pressure=NODE|zone:ZONE[,memory=97%][,disk=95%][,pids=98%]',
  about: 'something beside the pods uses up so much of the machines',
  // A kubelet holds on to a condition for five minutes after it last met it.
  aftermathMs: 6 * 60_000,
  parse(reader) {
    const place = readPlace(reader, reader.target);
    const memory = reader.share('memory');
    const disk = reader.share('disk');
    const pids = reader.share('pids');
    if (memory === undefined && disk === undefined && pids === undefined)
      reader.fail('none of memory, disk and pids is given');
    return {
      ...place,
      ...(memory === undefined ? {} : { memory }),
      ...(disk === undefined ? {} : { disk }),
      ...(pids === undefined ? {} : { pids }),
    };
  },
  text: ({ memory, disk, pids, ...place }) =>
    placeText(place) +
    optionsText({
      memory: memory === undefined ? undefined : shareText(memory),
      disk: disk === undefined ? undefined : shareText(disk),
      pids: pids === undefined ? undefined : shareText(pids),
    }),
  ailment: ({ node, zone, ...used }) => ({
    kind: 'pressure',
    place: { ...(node ? { node } : {}), ...(zone ? { zone } : {}) },
    pressure: used,
  }),
};
