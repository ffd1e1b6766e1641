import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { customresourcedefinitions } from '../../../generated/apiextensions/v1/resources.ts';
import type { CustomResourceDefinition } from '../../../generated/apiextensions/v1/types.ts';
import { schemaDocs, schemaSet } from '../../../generated/registry.ts';
import { ExplainError, explain } from '../../../generator/explain/index.ts';
import { openProject, withDefinitions } from '../../authoring/index.ts';
import { resourceId } from '../../meta/index.ts';
import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';

interface Options {
  readonly recursive?: boolean;
  readonly apiVersion?: string;
  readonly output?: string;
}

/**
 * `slipway explain`: kubectl's text, and kubectl's words and exit code when there is nothing to explain. What is not built in is
 * looked for among the definitions of a folder.
 */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const request = { type: args[0]!, ...(options as Options) };
  const builtIn = { set: schemaSet, docs: schemaDocs() };
  try {
    io.out(explain(builtIn.set, builtIn.docs, request));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ExplainError)) throw error;
    const definitions = await definitionsIn(args[1]!, io);
    if (definitions.length === 0) return refused(io, error);
    const { set, docs } = withDefinitions(builtIn, definitions);
    try {
      io.out(explain(set, docs, request));
      return EXIT.ok;
    } catch (again) {
      return refused(io, again);
    }
  }
}

function refused(io: Io, error: unknown): number {
  if (!(error instanceof ExplainError)) throw error;
  io.err(`error: ${error.message}\n`);
  return EXIT.failed;
}

/** Definitions that the folder exports, whatever else is wrong in it. */
async function definitionsIn(dir: string, io: Io): Promise<readonly CustomResourceDefinition[]> {
  if (!existsSync(resolve(io.workingFolder, dir))) return [];
  const { path, relativeTo } = folderNamed(dir, io);
  const project = openProject({ folder: path, relativeTo });
  try {
    const { resources } = await project.check();
    return resources
      .filter(({ ref }) => resourceId(ref) === resourceId(customresourcedefinitions))
      .map(({ object }) => object as CustomResourceDefinition);
  } finally {
    await project.close();
  }
}
