import type { ErrorReport } from './protocol.ts';

/** An import that leads nowhere. */
export class MissingImport extends Error {
  readonly specifier: string;
  readonly from: string;

  constructor(specifier: string, from: string, cause: unknown) {
    super(`cannot find ${specifier}`, { cause });
    this.specifier = specifier;
    this.from = from;
  }
}

/** Importing a file that does not parse: it has findings of its own. */
export class UnparsedImport extends Error {}

/** What `process.exit` of a manifest becomes. */
export class ExitRequest extends Error {}

export const isSilent = (error: unknown): boolean => error instanceof UnparsedImport;

const CAUSES_MAX = 5;
const TEXT_MAX = 2_000;

/** Whatever was thrown, as something that can be cloned. Reading it must not throw in turn. */
export function describeError(error: unknown): ErrorReport {
  try {
    if (!(error instanceof Error))
      return { name: '', message: shownValue(error), stack: '', causes: [] };
    return {
      name: text(error.name),
      message: text(error.message),
      stack: typeof error.stack === 'string' ? error.stack : '',
      causes: causesOf(error),
      ...(error instanceof MissingImport
        ? { missing: { specifier: error.specifier, from: error.from } }
        : {}),
      ...(error instanceof ExitRequest ? { exit: true } : {}),
    };
  } catch {
    return { name: '', message: 'something that cannot be read', stack: '', causes: [] };
  }
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  let cause = error.cause;
  while (cause !== undefined && causes.length < CAUSES_MAX) {
    causes.push(
      cause instanceof Error ? `${cause.name}: ${text(cause.message)}` : shownValue(cause),
    );
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

function shownValue(value: unknown): string {
  if (typeof value === 'string') return text(JSON.stringify(value));
  return text(typeof value === 'object' ? (JSON.stringify(value) ?? 'an object') : String(value));
}

const text = (value: unknown): string => String(value).slice(0, TEXT_MAX);
