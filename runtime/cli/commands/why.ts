import { pods } from '../../../generated/core/v1/resources.ts';
import { explainPod } from '../../cluster/index.ts';
import { keyOf } from '../../meta/index.ts';
import { withApplied } from '../applied.ts';
import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';
import { podNamed } from '../pod-name.ts';
import { whyText } from '../why-text.ts';

interface Options {
  readonly seed?: number;
  readonly output: 'text' | 'json';
}

/** `slipway why`: how the scheduler judges a pod in the folder's cluster, converged in virtual time. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const [name, dir] = args as [string, string];
  const { seed, output } = options as unknown as Options;
  return withApplied(io, { folder: folderNamed(dir, io), seed }, async ({ cluster }) => {
    await cluster.settle();
    const keys = cluster.transport.lister(pods).list().map(keyOf);
    const explanation = explainPod(cluster, podNamed(name, keys))!;
    io.out(output === 'json' ? `${JSON.stringify(explanation, null, 2)}\n` : whyText(explanation));
    return EXIT.ok;
  });
}
