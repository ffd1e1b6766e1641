import {
  type ApiError,
  type BodyNotes,
  badRequest,
  unsupportedMediaType,
} from '../../meta/index.ts';
import { jsonNotes } from './json-notes.ts';
import { jsonSyntaxError } from './json-syntax.ts';
import { withSharedSpec } from './shared-specs.ts';
import { readYaml } from './yaml-text.ts';

/** A body as a value, with what only its text knew. */
export interface DecodedText {
  readonly body: unknown;
  readonly notes?: BodyNotes;
}

const APPLY = 'application/apply-patch+yaml';
const JSON_TYPES = new Set([
  'application/json',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]);

/**
 * The value that a body of a media type is. `kind` is what the path is about, for the error: a 400 where
 * the text is malformed, 415 where the type is none that the server reads. Whoever asks has bounded its length and depth.
 */
export function decodeText(text: string, type: string, kind: string): DecodedText {
  if (JSON_TYPES.has(type)) return decodeJson(text, type, kind);
  if (type === APPLY) return decodeApplied(text);
  if (type === 'application/yaml') return decodeYaml(text, kind);
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: ' +
      'application/json, application/yaml',
  );
}

function decodeJson(text: string, type: string, kind: string): DecodedText {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const why = jsonSyntaxError(text);
    throw type === 'application/json'
      ? unrecognized(kind, `couldn't get version/kind; json parse error: ${why}`, text)
      : badRequest(`error decoding patch: ${why}`);
  }
  const notes = jsonNotes(text);
  return notes ? { body, notes } : { body: withSharedSpec(body) };
}

function decodeYaml(text: string, kind: string): DecodedText {
  if (text.trimStart().startsWith('{') && isJson(text)) return decodeJson(text, JSON_TYPE, kind);
  try {
    const { value: body, duplicates } = readYaml(text);
    return duplicates ? { body, notes: { strictErrors: [duplicates], literals: {} } } : { body };
  } catch (error) {
    throw unrecognized(kind, `error converting YAML to JSON: yaml: ${firstLine(error)}`, text);
  }
}

/** Applied configurations are always read as YAML, of which JSON is a part. */
function decodeApplied(text: string): DecodedText {
  if (isJson(text) && !jsonNotes(text)?.strictErrors.length) return { body: JSON.parse(text) };
  try {
    const { value: body, duplicates } = readYaml(text);
    if (!duplicates) return { body };
    const complaint = `error converting YAML to JSON: ${duplicates}`;
    return { body, notes: { strictErrors: [complaint], literals: {} } };
  } catch (error) {
    throw badRequest(
      `error decoding YAML: error converting YAML to JSON: yaml: ${firstLine(error)}`,
    );
  }
}

const JSON_TYPE = 'application/json';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0]!;

const SUMMARY_MAX = 30;

function unrecognized(kind: string, why: string, text: string): ApiError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(text)})`,
  );
}

/** The beginning of a body: as it is where it might be JSON, else in hexadecimal digits. */
function summary(text: string): string {
  if (text === '') return '<empty>';
  const bytes = Buffer.from(text);
  const shown = bytes.subarray(0, SUMMARY_MAX).toString(text.startsWith('{') ? 'utf8' : 'hex');
  return bytes.length > SUMMARY_MAX ? `${shown} ...` : shown;
}
