import type { Pod } from '../../generated/core/v1/types.ts';
import { type ContainerContext, podId } from './container-machine.ts';
import type { ContainerRecord, Reporting, Stage } from './container-record.ts';
import { KILLED, stop } from './container-stop.ts';
import { messageOf } from './handlers.ts';
import { POD } from './hooks.ts';
import { restartsAfter } from './restart-policy.ts';
import { shifted, telling, timesUntil } from './spell.ts';
import type { Moment } from './timeline.ts';

const FOUND = {
  warning: 'probe warning',
  unknown: 'probe errored and resulted in unknown state',
  failure: 'probe failed',
} as const;

/** Says of a probe what its tries have found. */
function reportProbe(
  { probe, result, message }: Moment & { kind: 'report' },
  { effects, fieldPath, podIp }: ContainerContext,
  times: number,
): void {
  const reason = result === 'warning' ? 'ProbeWarning' : 'Unhealthy';
  const said = `${probe} ${FOUND[result]}: ${messageOf(message, podIp)}`;
  effects.warning(fieldPath, reason, said, times);
}

type Up = Stage & { readonly at: 'running' | 'stopping' };

/** A probe begins to find something. */
export function beginReport<S extends Up>(
  stage: S,
  report: Moment & { kind: 'report' },
  context: ContainerContext,
): S {
  reportProbe(report, context, 1);
  const spell = shifted(report.spell, stage.sinceMs);
  const next = telling(spell, context.nowMs, context.quietUntil('Warning'));
  return next ? { ...stage, reporting: [...(stage.reporting ?? []), { ...next, report }] } : stage;
}

/** Tells what probes have found since it was last told. */
export function goOnReporting(record: ContainerRecord, context: ContainerContext): ContainerRecord {
  const { stage } = record;
  if (stage.at !== 'running' && stage.at !== 'stopping') return record;
  const reporting = (stage.reporting ?? []).flatMap((each): readonly Reporting[] => {
    if (each.tellMs > context.nowMs) return [each];
    const { spell, told, report } = each;
    reportProbe(report, context, timesUntil(spell, context.nowMs) - told);
    const next = telling(spell, context.nowMs, context.quietUntil('Warning'));
    return next ? [{ ...next, report }] : [];
  });
  const { reporting: _, ...rest } = stage;
  return { ...record, stage: reporting.length > 0 ? { ...rest, reporting } : rest };
}

/** Stops a container that a probe has found wanting. */
export function killFor(
  { probe, graceMs }: Moment & { kind: 'kill' },
  record: ContainerRecord,
  context: ContainerContext,
): ContainerRecord {
  const { spec, pod, sidecar } = context;
  const again = restartsAfter(spec, pod, sidecar, KILLED.code);
  const message = sidecar
    ? `Init container ${spec.name} failed ${probe} probe`
    : `Container ${spec.name} failed ${probe} probe${again ? ', will be restarted' : ''}`;
  return stop(record, context, {
    graceMs: graceMs ?? graceOf(pod),
    message,
    ...(again ? { restarts: true } : {}),
  });
}

/** The kubelet does not say in the event what went wrong, lest it tell secrets; the container's state does. */
export function failPostStart(
  failure: string,
  record: ContainerRecord,
  context: ContainerContext,
): ContainerRecord {
  const { effects, fieldPath, pod, podIp } = context;
  effects.warning(fieldPath, 'FailedPostStartHook', 'PostStartHook failed');
  const message = messageOf(failure.replace(POD, podId(pod)), podIp);
  return stop(record, context, {
    graceMs: graceOf(pod),
    message: 'FailedPostStartHook',
    waiting: { reason: 'PostStartHookError', message },
  });
}

export function graceOf(pod: Pod): number {
  return (pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000;
}
