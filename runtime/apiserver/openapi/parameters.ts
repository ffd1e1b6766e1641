/** A parameter in the path or the query, of an operation or of all operations of a path. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
}

const query = (
  name: string,
  description: string,
  type: Parameter['type'] = 'string',
): Parameter => ({
  name,
  in: 'query',
  type,
  description,
});

const path = (name: string, description: string): Parameter => ({
  name,
  in: 'path',
  type: 'string',
  description,
});

export const NAMESPACE = path('namespace', 'Namespace that the objects are in.');
export const nameOf = (kind: string): Parameter => path('name', `Name of the ${kind}.`);
export const BELOW = path('path', 'Path at whoever is behind the proxy.');
export const PRETTY = query('pretty', "With 'true', the answer is indented.");

export const LISTING: readonly Parameter[] = [
  query(
    'allowWatchBookmarks',
    'Whether a watch may report how far it is without a change.',
    'boolean',
  ),
  query('continue', 'Where the page before ended, as its metadata said.'),
  query(
    'fieldSelector',
    'Narrows the list of returned objects to those whose fields have these values.',
  ),
  query('labelSelector', 'Narrows the list of returned objects to those with these labels.'),
  query('limit', 'How many objects a page has at most.', 'integer'),
  query('resourceVersion', 'How new the answer must be; of a watch, where it begins.'),
  query('resourceVersionMatch', 'How resourceVersion is meant: Exact or NotOlderThan.'),
  query('sendInitialEvents', 'Whether a watch begins with the objects that exist.', 'boolean'),
  query('timeoutSeconds', 'How long a list or watch may take.', 'integer'),
  query(
    'watch',
    'Watch for changes to the described resources: they are reported as they happen, instead of a list.',
    'boolean',
  ),
];

const DRY_RUN = query(
  'dryRun',
  'With All, the request is checked and answered, but nothing is stored.',
);
const FIELD_MANAGER = query('fieldManager', 'In whose name the fields are written.');
const FIELD_VALIDATION = query(
  'fieldValidation',
  'What becomes of unknown and repeated fields: Ignore drops them, Warn says so too, Strict refuses the request.',
);

export const WRITING: readonly Parameter[] = [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION];

export const PATCHING: readonly Parameter[] = [
  ...WRITING,
  query('force', 'Whether an apply takes over fields that others manage.', 'boolean'),
];

export const DELETING: readonly Parameter[] = [
  DRY_RUN,
  query(
    'gracePeriodSeconds',
    'How long the object may take to end; 0 removes it at once.',
    'integer',
  ),
  query(
    'ignoreStoreReadErrorWithClusterBreakingPotential',
    'Whether to remove an object that cannot be read.',
    'boolean',
  ),
  query(
    'orphanDependents',
    'Older form of propagationPolicy: true leaves dependents behind.',
    'boolean',
  ),
  query('propagationPolicy', 'What becomes of dependents: Orphan, Background or Foreground.'),
];
