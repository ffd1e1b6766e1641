import type { Pod } from '../../generated/core/v1/types.ts';
import { type ContainerContext, podId } from './container-machine.ts';
import type { ContainerRecord } from './container-record.ts';
import { KILLED, stop } from './container-stop.ts';
import { messageOf } from './handlers.ts';
import { POD } from './hooks.ts';
import { restartsAfter } from './restart-policy.ts';
import type { Moment } from './timeline.ts';

/** Says of a probe what its try has found. */
export function reportProbe(
  { probe, result, message }: Moment & { kind: 'report' },
  { effects, fieldPath, podIp }: ContainerContext,
): void {
  const said = messageOf(message, podIp);
  if (result === 'warning')
    effects.warning(fieldPath, 'ProbeWarning', `${probe} probe warning: ${said}`);
  else if (result === 'unknown')
    effects.warning(
      fieldPath,
      'Unhealthy',
      `${probe} probe errored and resulted in unknown state: ${said}`,
    );
  else effects.warning(fieldPath, 'Unhealthy', `${probe} probe failed: ${said}`);
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
