import { badRequest, invalidObject, type RequestOptions } from '../../meta/index.ts';
import type { WatchOptions } from '../watch.ts';

/** All that the query of a request may say. */
export interface Query {
  readonly options: RequestOptions;
  readonly watch: boolean;
  readonly watching: WatchOptions;
  readonly timeoutSeconds: number | undefined;
  readonly pretty: boolean;
  /** Which part of an object the rows of a table carry. */
  readonly includeObject: string;
  readonly parameters: URLSearchParams;
}

/** Reads a query by Kubernetes' rules. Throws a 400 or 422 for values that mean nothing. */
export function readQuery(parameters: URLSearchParams): Query {
  return {
    options: optionsOf(parameters),
    watch: flag(parameters, 'watch') ?? false,
    watching: {
      sendInitialEvents: flag(parameters, 'sendInitialEvents'),
      allowBookmarks: flag(parameters, 'allowWatchBookmarks'),
    },
    timeoutSeconds: whole(parameters, 'timeoutSeconds'),
    pretty: flag(parameters, 'pretty') ?? false,
    includeObject: parameters.get('includeObject') ?? 'Metadata',
    parameters,
  };
}

const TEXTS = [
  'fieldManager',
  'labelSelector',
  'fieldSelector',
  'continue',
  'resourceVersion',
] as const;

function optionsOf(parameters: URLSearchParams): RequestOptions {
  const options: Record<string, unknown> = {};
  for (const name of TEXTS) {
    const value = parameters.get(name);
    if (value) options[name] = value;
  }
  const limit = whole(parameters, 'limit');
  if (limit) options.limit = limit;
  const force = flag(parameters, 'force');
  if (force !== undefined) options.force = force;
  const grace = whole(parameters, 'gracePeriodSeconds');
  if (grace !== undefined) options.gracePeriodSeconds = grace;
  const dryRun = parameters.getAll('dryRun').filter(Boolean);
  if (dryRun.length > 0) options.dryRun = isDryRun(dryRun);
  const orphans = flag(parameters, 'orphanDependents');
  if (orphans !== undefined) options.propagationPolicy = orphans ? 'Orphan' : 'Background';
  for (const [name, values] of Object.entries(CHOICES)) {
    const value = parameters.get(name);
    if (!value) continue;
    if (!values.includes(value)) throw notSupported(name, value, values);
    options[name] = value;
  }
  return options as RequestOptions;
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  fieldValidation: ['Ignore', 'Strict', 'Warn'],
  resourceVersionMatch: ['Exact', 'NotOlderThan'],
  propagationPolicy: ['Background', 'Foreground', 'Orphan'],
};

/** The one kind of dry run there is. */
export function isDryRun(values: readonly string[]): boolean {
  const other = values.find((each) => each !== 'All');
  if (other !== undefined) throw notSupported('dryRun', other, ['All']);
  return values.length > 0;
}

function notSupported(field: string, value: string, values: readonly string[]): Error {
  const all = values.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${all}`;
  return invalidObject({ group: 'meta.k8s.io', resource: 'Options', name: '' }, [
    { reason: 'FieldValueNotSupported', field, message },
  ]);
}

/** As Go converts a query to a bool: everything but `false` and `0` is true. */
function flag(parameters: URLSearchParams, name: string): boolean | undefined {
  const value = parameters.get(name);
  if (value === null) return undefined;
  return value.toLowerCase() !== 'false' && value !== '0';
}

function whole(parameters: URLSearchParams, name: string): number | undefined {
  const value = parameters.get(name);
  if (value === null || value === '') return undefined;
  const isNumber = /^[+-]?\d+$/.test(value);
  if (isNumber && BigInt.asIntN(64, BigInt(value)) === BigInt(value)) return Number(value);
  const why = isNumber ? 'value out of range' : 'invalid syntax';
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: ${why}`);
}
