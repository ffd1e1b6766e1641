import type { Event } from '../../../generated/core/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import { jsonEqual, type KubeObject } from '../../meta/index.ts';
import { invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

/** Events: in the namespace of what they are about. Those with a time of their own are of the new style, which asks for more. */
export const events: Strategy<Event & KubeObject> = {
  fieldValues: {
    source: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ''),
  },
  validate: eventProblems,
};

/** Those that came by events.k8s.io/v1: clients of that group know the new style, and nothing but the series changes later. */
export const newEvents: Strategy<Event & KubeObject> = {
  validate: (event, old) => [
    ...eventProblems(event),
    ...(old ? changeProblems(event, old) : newProblems(event)),
  ],
};

function eventProblems(event: Event): Problem[] {
  return event.eventTime ? strictProblems(event) : placeProblems(event, ['default']);
}

/** What only older clients fill in. */
const OLD_FIELDS = ['firstTimestamp', 'lastTimestamp', 'count', 'source'] as const;
const TYPES = ['Normal', 'Warning'];

function newProblems(event: Event): Problem[] {
  const { eventTime, type = '' } = event;
  const isSet = (value: unknown): boolean =>
    typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
  return [
    ...seriesProblems(event),
    ...(eventTime ? [] : [required('eventTime')]),
    ...(TYPES.includes(type) ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...OLD_FIELDS.flatMap((field) =>
      isSet(event[field]) ? [invalid(field, '', 'needs to be unset')] : [],
    ),
  ];
}

function seriesProblems({ series }: Event): Problem[] {
  if (!series) return [];
  return [
    ...((series.count ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(series.lastObservedTime ? [] : [required('series.lastObservedTime')]),
  ];
}

/** Fields that stay as they are, by the names by which errors call them. */
const FIXED: readonly (readonly [keyof Event, string])[] = [
  ['involvedObject', 'involvedObject'],
  ['reason', 'reason'],
  ['message', 'message'],
  ['source', 'source'],
  ['firstTimestamp', 'firstTimestamp'],
  ['lastTimestamp', 'lastTimestamp'],
  ['count', 'count'],
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingComponent', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
];

function changeProblems(event: Event, old: Event): Problem[] {
  return [
    ...(jsonEqual(event.series, old.series) ? [] : seriesProblems(event)),
    ...FIXED.flatMap(([field, name]) =>
      jsonEqual(event[field], old[field])
        ? []
        : [invalid(name, event[field], 'field is immutable')],
    ),
  ];
}

/** Objects of the whole cluster have their events in one of these namespaces. */
function placeProblems({ metadata, involvedObject }: Event, homes: readonly string[]): Problem[] {
  const { namespace = '' } = involvedObject;
  const home = metadata.namespace ?? '';
  if (namespace === home || (namespace === '' && homes.includes(home))) return [];
  return [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')];
}

const TEXT_MAX = 128;
const NOTE_MAX = 1024;

function strictProblems(event: Event): Problem[] {
  const { reportingComponent = '', reportingInstance, action, reason, message = '' } = event;
  const wrong = FORMAT_CHECKS['label-key'](reportingComponent);
  return [
    ...(event.involvedObject.namespace ? [] : placeProblems(event, ['default', 'kube-system'])),
    ...(reportingComponent ? [] : [required('reportingController')]),
    ...(wrong ? [invalid('reportingController', reportingComponent, wrong)] : []),
    ...textProblems('reportingInstance', reportingInstance),
    ...textProblems('action', action),
    ...textProblems('reason', reason),
    ...lengthProblems('message', message, NOTE_MAX),
  ];
}

function textProblems(field: string, text = ''): Problem[] {
  return text === '' ? [required(field)] : lengthProblems(field, text, TEXT_MAX);
}

function lengthProblems(field: string, text: string, max: number): Problem[] {
  return text.length > max ? [invalid(field, '', `can have at most ${max} characters`)] : [];
}
