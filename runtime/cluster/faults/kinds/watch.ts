import type { WatchFault } from '../../../../generated/cluster/v1/types.ts';
import { parseDuration } from '../../../base/index.ts';
import { optionsText, shareText } from '../form.ts';
import { type FaultKind, fits } from '../kind.ts';

/** A component acts on what was, not on what is: its watches and listers lag behind, or lose what happens meanwhile. */
export const watch: FaultKind<WatchFault> = {
  name: 'watch',
  form: 'watch=COMPONENT[,lag=5s][,loss=10%][,resource=pods]',
  about: 'what the component sees comes late, or its watch breaks with a share of the changes',
  parse(reader) {
    const component = reader.name('component');
    const resource = reader.text('resource');
    const lag = reader.duration('lag');
    const loss = reader.share('loss');
    if (lag === undefined && loss === undefined) reader.fail('neither lag nor loss is given');
    return {
      component,
      ...(resource === undefined ? {} : { resource }),
      ...(lag === undefined ? {} : { lag: lag as NonNullable<WatchFault['lag']> }),
      ...(loss === undefined ? {} : { loss }),
    };
  },
  text: ({ component, resource, lag, loss }) =>
    component +
    optionsText({
      lag: lag === '0s' ? undefined : lag,
      loss: loss ? shareText(loss) : undefined,
      resource,
    }),
  component: ({ component }) => component,
  delay({ component, resource, lag, loss = 0 }, who, what) {
    const reads = resource === undefined || what === '*' || resource === what;
    if (!fits(component, who) || !reads) return undefined;
    return { lagMs: parseDuration(lag ?? '0s') ?? 0, loss };
  },
};
