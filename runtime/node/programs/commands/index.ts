/**
 * The programs of simulated containers that mean the same everywhere, as busybox has them: texts, files, the system, conditions and the shell.
 *
 * Each is a small function over its task. Left out, and not to be found by name: editors, package managers, compilers. What
 * speaks to a network is in `../network/`.
 */

import { NETWORK_COMMANDS } from '../network/index.ts';
import type { Program } from '../process.ts';
import { sh } from '../shell/index.ts';
import { test } from './conditions.ts';
import { DIGEST_COMMANDS } from './digests.ts';
import { expr } from './expr.ts';
import { FILE_COMMANDS } from './files.ts';
import { ip } from './ip.ts';
import { SYSTEM_COMMANDS } from './system.ts';
import { tar } from './tar.ts';
import { TEXT_COMMANDS } from './text.ts';

export { modeText } from './files.ts';

const COMMANDS: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    ...SYSTEM_COMMANDS,
    ...FILE_COMMANDS,
    ...TEXT_COMMANDS,
    ...NETWORK_COMMANDS,
    ...DIGEST_COMMANDS,
    test,
    expr,
    ip,
    tar,
    '[': test,
    '[[': test,
    sh,
    ash: sh,
    bash: sh,
    dash: sh,
  }),
);

const PLACES = /^(?:\/(?:usr\/)?(?:local\/)?s?bin\/)?([^/]+)$/;

/** A program by its name or by its path in one of the usual places. */
export function commandOf(name: string): Program | undefined {
  const called = PLACES.exec(name)?.[1];
  return called === undefined ? undefined : COMMANDS.get(called);
}
