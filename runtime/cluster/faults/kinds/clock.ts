import type { ClockFault } from '../../../../generated/cluster/v1/types.ts';
import { parseDuration } from '../../../base/index.ts';
import type { FaultKind } from '../kind.ts';

/** As after a machine's long sleep: nothing happened for a while, and everything that was due meanwhile is due now. */
export const clock: FaultKind<ClockFault> = {
  name: 'clock',
  form: 'clock=DURATION',
  about: 'the clock of all machines jumps ahead; all that was due meanwhile is late',
  momentary: true,
  aftermathMs: 60_000,
  parse(reader) {
    if ((parseDuration(reader.target) ?? 0) <= 0)
      reader.fail(`${JSON.stringify(reader.target)} is no duration: write 90s, 10m or 1h30m`);
    return { jump: reader.target as ClockFault['jump'] };
  },
  text: ({ jump }) => jump,
  begin: ({ jump }, world) => world.jump(parseDuration(jump) ?? 0),
};
