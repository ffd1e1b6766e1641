/**
 * The explain text: what a kind and its fields mean, printed from the schemas and their texts as `kubectl explain` prints it
 * from a server's OpenAPI documents, character for character.
 *
 * Two layouts, which read two different documents and so differ in more than indentation: `plaintext` (OpenAPI v3; the
 * default since 1.27) names the types that references lead to, lists enums and marks required fields; `plaintext-openapiv2`
 * says Object, knows no enums, and goes a path to its first primitive only. Each has a file; what they share is `Place`, a
 * schema with the key of its text, and the request: which kind and which fields were asked for.
 *
 * Invariant: pure. The same schema set and texts give the same text; nothing is read, nothing remembered. Whatever was asked
 * for wrongly is an `ExplainError` in kubectl's words. The command line and the API documentation are the callers. Left out:
 * external documentation links, which no schema here has.
 */
import type { SchemaSet } from '../model/schema.ts';
import { ExplainError } from './explain-error.ts';
import { openApiV2Text } from './openapi-v2.ts';
import type { Docs } from './place.ts';
import { plaintext } from './plaintext.ts';
import { resolveRequest } from './request.ts';

export { ExplainError } from './explain-error.ts';

export interface ExplainOptions {
  /** `deployments.spec.strategy`: a resource by any of its names, with the path of a field. */
  readonly type: string;
  /** All fields below, without their texts. */
  readonly recursive?: boolean;
  /** How many levels `recursive` goes down; 0, the default, is all. */
  readonly maxDepth?: number;
  /** `apps/v1`: another group version than the preferred one. */
  readonly apiVersion?: string;
  readonly output?: string;
}

/** The text, ready to print. */
export function explain(set: SchemaSet, docs: Docs, options: ExplainOptions): string {
  const { recursive = false, maxDepth = 0, output = 'plaintext' } = options;
  if (maxDepth < 0) throw new ExplainError('--max-depth must be non-negative');
  if (maxDepth > 0 && !recursive) throw new ExplainError('--max-depth requires --recursive');
  const render = LAYOUTS[output];
  const request = resolveRequest(set, options.type, options.apiVersion, output);
  if (!render) throw new ExplainError(`unrecognized format: ${output}`);
  return render({ set, docs, recursive, maxDepth, ...request });
}

const LAYOUTS: Readonly<Record<string, typeof plaintext>> = {
  plaintext,
  'plaintext-openapiv2': openApiV2Text,
};
