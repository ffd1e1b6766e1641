import type { FaultSpec } from '../../generated/cluster/v1/types.ts';
import { FaultError, parseFault } from '../cluster/index.ts';
import { CommandError, EXIT } from './exit-codes.ts';

/** The faults that `--fault` names; throws a usage error that says what is wrong with the first that is none. */
export function faultsOf(texts: readonly string[] = []): readonly FaultSpec[] {
  return texts.map((text) => {
    try {
      return parseFault(text);
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      throw new CommandError(`--fault ${text}: ${error.message}`, EXIT.usage, error.help);
    }
  });
}
