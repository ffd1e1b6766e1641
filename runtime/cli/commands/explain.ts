import { schemaDocs, schemaSet } from '../../../generated/registry.ts';
import { ExplainError, explain } from '../../../generator/explain/index.ts';
import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';

interface Options {
  readonly recursive?: boolean;
  readonly apiVersion?: string;
  readonly output?: string;
}

/** `slipway explain`: kubectl's text, and kubectl's words and exit code when there is nothing to explain. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  try {
    io.out(explain(schemaSet, schemaDocs(), { type: args[0]!, ...(options as Options) }));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ExplainError)) throw error;
    io.err(`error: ${error.message}\n`);
    return EXIT.failed;
  }
}
