import type { Event } from '../../../generated/core/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

/** Events: in the namespace of what they are about. Those with a time of their own are of the new style, which asks for more. */
export const events: Strategy<Event & KubeObject> = {
  fieldValues: {
    source: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ''),
    reportingComponent: ({ source, reportingComponent }) =>
      reportingComponent || (source?.component ?? ''),
  },
  validate: (event) =>
    event.eventTime === undefined ? placeProblems(event, ['default']) : strictProblems(event),
};

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
  const wrong = reportingComponent && FORMAT_CHECKS['label-key'](reportingComponent);
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
