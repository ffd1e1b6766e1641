import type { PullFault } from '../../../../generated/cluster/v1/types.ts';
import { onText, optionsText, readOn } from '../form.ts';
import type { FaultKind } from '../kind.ts';

/** The registry does not hand out images. */
export const pull: FaultKind<PullFault> = {
  name: 'pull',
  form: 'pull=IMAGE[,on=NODE|zone:ZONE]',
  about: 'images of that name or pattern cannot be pulled',
  // Between two tries to pull an image a kubelet waits up to five minutes.
  aftermathMs: 6 * 60_000,
  parse(reader) {
    if (reader.target === '') reader.fail('the image is missing');
    return { image: reader.target, ...readOn(reader) };
  },
  text: ({ image, ...place }) => image + optionsText({ on: onText(place) }),
  ailment: ({ image, ...place }) => ({ kind: 'pull', image, place }),
};
