import type { ProbeFault } from '../../../../generated/cluster/v1/types.ts';
import { onText, optionsText, readOn } from '../form.ts';
import type { FaultKind } from '../kind.ts';

/** Programs answer their probes with failure. */
export const probe: FaultKind<ProbeFault> = {
  name: 'probe',
  form: 'probe=readiness|liveness|startup[,pod=NAME][,namespace=NAME][,container=NAME][,on=NODE|zone:ZONE]',
  about: 'the probes of those containers fail',
  // The longest wait before a container that keeps failing is started again.
  aftermathMs: 6 * 60_000,
  parse(reader) {
    const kind = reader.oneOf('the probe', ['readiness', 'liveness', 'startup'], reader.target);
    const pod = reader.named('pod');
    const namespace = reader.named('namespace');
    const container = reader.named('container');
    return {
      probe: kind!,
      ...(pod === undefined ? {} : { pod }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(container === undefined ? {} : { container }),
      ...readOn(reader),
    };
  },
  text: ({ probe: kind, pod, namespace, container, ...place }) =>
    kind + optionsText({ pod, namespace, container, on: onText(place) }),
  ailment: ({ node, zone, ...target }, nowMs) => ({
    kind: 'probe',
    place: { ...(node ? { node } : {}), ...(zone ? { zone } : {}) },
    target,
    fromMs: nowMs,
  }),
};
