import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import { findingRecord, hasErrors, reportCheck } from '../findings.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';
import { openSession } from '../session.ts';

/** `slipway check`: types and schemas, then admission, by applying to a cluster that is thrown away. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const session = openSession({ folder: folderNamed(args[0]!, io) });
  try {
    const { check, findings } = await session.author.save();
    if (options.output === 'json') {
      io.out(`${JSON.stringify(findings.map(findingRecord), null, 2)}\n`);
    } else {
      reportCheck(io, check, findings, session.project.sourceText);
      if (!hasErrors(findings)) io.out(summary(check.resources.length, check.files.length));
    }
    return hasErrors(findings) ? EXIT.invalid : EXIT.ok;
  } finally {
    await session.close();
  }
}

function summary(resources: number, files: number): string {
  const count = (number: number, what: string): string =>
    `${number} ${what}${number === 1 ? '' : 's'}`;
  return `ok: ${count(resources, 'resource')} in ${count(files, 'file')}\n`;
}
