import type * as core from '../../generated/core/v1/types.ts';
import type * as events from '../../generated/events/v1/types.ts';
import { ago, type Cell, cellOf } from './cell.ts';

/** An event in the form of v1, whichever of the two it has. */
function classic(event: core.Event | events.Event): core.Event {
  if (!('regarding' in event)) return event as core.Event;
  return {
    ...(event as unknown as core.Event),
    involvedObject: event.regarding ?? {},
    message: event.note,
    reportingComponent: event.reportingController ?? '',
    source: event.deprecatedSource,
    firstTimestamp: event.deprecatedFirstTimestamp,
    lastTimestamp: event.deprecatedLastTimestamp,
    count: event.deprecatedCount,
  } as core.Event;
}

const of = (read: (event: core.Event, nowMs: number) => string): Cell =>
  cellOf<core.Event>((event, nowMs) => read(classic(event), nowMs));

/** Columns of events. */
export const EVENT_CELLS: Readonly<Record<string, Cell>> = {
  eventLastSeen: of(({ series, lastTimestamp, eventTime, firstTimestamp }, nowMs) =>
    ago(series?.lastObservedTime ?? lastTimestamp ?? firstTimestamp ?? eventTime, nowMs),
  ),
  eventFirstSeen: of(({ firstTimestamp, eventTime }, nowMs) =>
    ago(firstTimestamp ?? eventTime, nowMs),
  ),
  eventObject: of(({ involvedObject: { kind = '', name = '' } }) =>
    name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
  ),
  eventSubobject: of(({ involvedObject }) => involvedObject.fieldPath ?? ''),
  eventSource: of(({ source, reportingComponent, reportingInstance }) =>
    [source?.component || reportingComponent, source?.host || reportingInstance]
      .filter(Boolean)
      .join(', '),
  ),
  eventMessage: of(({ message }) => (message ?? '').trim()),
  eventCount: of(({ count, series }) => String(series?.count ?? (count || 1))),
};
