import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError, EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';

export interface ManifestFolder {
  /** Absolute. */
  readonly path: string;
  /** Where the user stands: what messages show paths from. */
  readonly relativeTo: string;
  /** As the user named it, for messages. */
  readonly name: string;
}

/** The folder that an argument names; throws a usage error that says what is wrong with it. */
export function folderNamed(name: string, { workingFolder }: Io): ManifestFolder {
  const path = resolve(workingFolder, name);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats)
    throw new CommandError(`there is no folder ${name}`, EXIT.usage, 'slipway [command] DIR');
  if (!stats.isDirectory()) throw new CommandError(`${name} is no folder`, EXIT.usage);
  return { path, relativeTo: workingFolder, name };
}
