import type { FaultSpec } from '../../../generated/cluster/v1/types.ts';
import { parseDuration } from '../../base/index.ts';
import { FaultError, FormReader } from './form.ts';
import type { FaultKind } from './kind.ts';
import { FAULT_KINDS, faultKind } from './table.ts';

const TIMES = /(?:@(\d[\dhmsd.]*))?(?:\+(\d[\dhmsd.]*))?$/;

/**
 * A fault as it is written on a command line: `NAME=TARGET[,option=value…][@TIME][+DURATION]`, as `zone=b@5m+10m`. Throws a
 * `FaultError` that says what is wrong and what would be right.
 */
export function parseFault(text: string): FaultSpec {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const kind = faultKind(name);
  if (!kind)
    throw new FaultError(
      `${JSON.stringify(name)} is no fault`,
      `there are ${FAULT_KINDS.map((each) => each.name).join(', ')}`,
    );
  if (at < 0)
    throw new FaultError(
      `${name} does not say what it hits`,
      `write ${kind.form}[@TIME][+DURATION]`,
    );
  const rest = text.slice(at + 1);
  const [times, begin, duration] = TIMES.exec(rest)!;
  const reader = new FormReader(
    `${kind.form}[@TIME][+DURATION]`,
    rest.slice(0, rest.length - times.length),
  );
  const value: unknown = kind.parse(reader);
  reader.done();
  for (const each of [begin, duration])
    if (each !== undefined && parseDuration(each) === undefined)
      reader.fail(`${JSON.stringify(each)} is no duration: write 90s, 10m or 1h30m`);
  if (duration !== undefined && kind.momentary)
    reader.fail(`${name} happens in a moment and has no duration`);
  return {
    ...(begin === undefined ? {} : { at: begin as NonNullable<FaultSpec['at']> }),
    ...(duration === undefined ? {} : { duration: duration as NonNullable<FaultSpec['duration']> }),
    [kind.name]: value,
  };
}

/** The one fault that a spec names. Throws a `FaultError` when it names none, or several. */
export function faultIn(spec: FaultSpec): { readonly kind: FaultKind; readonly value: never } {
  const named = FAULT_KINDS.filter(({ name }) => spec[name] !== undefined);
  const [kind] = named;
  if (!kind || named.length > 1)
    throw new FaultError(
      'a fault must name just one of what can go wrong',
      `there are ${FAULT_KINDS.map((each) => each.name).join(', ')}`,
    );
  return { kind, value: spec[kind.name] as never };
}

/** The inverse of `parseFault`. */
export function faultText(spec: FaultSpec): string {
  const { kind, value } = faultIn(spec);
  const at = spec.at === undefined || spec.at === '0s' ? '' : `@${spec.at}`;
  const duration = spec.duration === undefined ? '' : `+${spec.duration}`;
  return `${kind.name}=${kind.text(value)}${at}${duration}`;
}
