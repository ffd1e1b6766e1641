import type { CrashFault } from '../../../../generated/cluster/v1/types.ts';
import { optionsText } from '../form.ts';
import type { FaultKind } from '../kind.ts';

/** A component forgets whatever the API does not say, between two of its writes where so many are named. */
export const crash: FaultKind<CrashFault> = {
  name: 'crash',
  form: 'crash=COMPONENT[,after=WRITES]',
  about:
    'the component dies, with its nth write from then on if told so, and starts anew in the end',
  parse(reader) {
    const component = reader.name('component');
    const afterWrites = reader.count('after');
    return { component, ...(afterWrites === undefined ? {} : { afterWrites }) };
  },
  text: ({ component, afterWrites }) =>
    component + optionsText({ after: afterWrites || undefined }),
  component: ({ component }) => component,
  fatalWrite: ({ afterWrites = 0 }) => afterWrites,
  begin({ component, afterWrites = 0 }, world, lasts) {
    if (afterWrites > 0) return;
    if (lasts) world.kill(component);
    else world.restart(component);
  },
  end: ({ component }, world) => world.revive(component),
};
