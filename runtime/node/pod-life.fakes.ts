import type { Behaviour, BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { EventCorrelator } from '../client/index.ts';
import { compileBehaviours, matching } from './behaviour-match.ts';
import { scriptOf } from './behaviour-script.ts';
import { NEW_CONTAINER } from './container-record.ts';
import { ephemeralContainers } from './ephemeral.ts';
import type { PodRecord } from './pod-record.ts';
import { decide, type PodDecision, type PodScripts } from './pod-worker.ts';

export const START_MS = Date.UTC(2026, 0, 1);

/** A bound pod `shop/web` with one container `web`, changed by `spec`. */
export function webPod(spec: Partial<Pod['spec']> = {}, container: Partial<Container> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', uid: 'uid-1', labels: { app: 'web' } },
    spec: {
      nodeName: 'n1',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      containers: [
        { name: 'web', image: 'shop/web:1', imagePullPolicy: 'IfNotPresent', ...container },
      ],
      ...spec,
    },
  } as Pod;
}

/** A pod's life on its node without a cluster: decides now and at every wake-up, and keeps what would be written. */
export class PodLife {
  pod: Pod;
  record: PodRecord;
  scripts: PodScripts;
  nowMs = START_MS;
  last!: PodDecision;
  /** `<seconds> <reason> <message>` of every event, whether it is let through or not. */
  readonly events: string[] = [];
  readonly decisions: PodDecision[] = [];
  readonly #images = new Map<string, number>();
  readonly #correlator = new EventCorrelator();

  constructor(pod: Pod, behaviour?: BehaviourSpec, present: readonly string[] = []) {
    this.pod = pod;
    this.scripts = scriptsFor(pod, behaviour);
    for (const image of present) this.#images.set(image, START_MS);
    this.record = {
      uid: 'uid-1',
      node: 'n1',
      startMs: START_MS,
      amounts: {},
      images: [],
      ip: '10.244.0.2',
      init: (pod.spec?.initContainers ?? []).map(() => NEW_CONTAINER),
      main: (pod.spec?.containers ?? []).map(() => NEW_CONTAINER),
      terminal: false,
      wakeMs: Number.POSITIVE_INFINITY,
      wakeKind: 'work',
      version: '',
    };
    this.decide();
  }

  decide(): void {
    this.last = decide({
      pod: this.pod,
      record: this.record,
      scripts: this.scripts,
      nowMs: this.nowMs,
      nodeIp: '192.168.0.2',
      crashMaxMs: 300_000,
      imageAtMs: (image) => this.#images.get(image),
      volumeProblems: () => [],
      environmentProblem: () => undefined,
      quietUntil: (type, more) => this.#correlator.quietUntil('pod', type, this.nowMs, more),
    });
    const { effects, record, status } = this.last;
    for (const { image, atMs } of effects.images) this.#images.set(image, atMs);
    for (const { type, reason, message, fieldPath = '', times = 1 } of effects.events) {
      const said = { object: 'pod', field: fieldPath, type, reason, message, times };
      this.#correlator.observe(said, this.nowMs, () => reason);
      this.events.push(`${(this.nowMs - START_MS) / 1000} ${reason} ${message}`);
    }
    this.record = record;
    this.pod = { ...this.pod, status };
    this.decisions.push(this.last);
  }

  /** Lives on until `ms` after the start, waking whenever it asked to. */
  until(ms: number): this {
    const endMs = START_MS + ms;
    while (this.last.wakeMs <= endMs) {
      this.nowMs = this.last.wakeMs;
      this.decide();
    }
    this.nowMs = endMs;
    return this;
  }

  delete(graceSeconds: number): this {
    const metadata = {
      ...this.pod.metadata,
      deletionTimestamp: new Date(this.nowMs + graceSeconds * 1000).toISOString(),
      deletionGracePeriodSeconds: graceSeconds,
    };
    this.pod = { ...this.pod, metadata };
    this.decide();
    return this;
  }

  behave(behaviour: BehaviourSpec): this {
    this.scripts = scriptsFor(this.pod, behaviour);
    this.decide();
    return this;
  }

  get status(): NonNullable<Pod['status']> {
    return this.last.status;
  }

  condition(type: string): string | undefined {
    return this.status.conditions?.find((each) => each.type === type)?.status;
  }
}

function scriptsFor(pod: Pod, spec: BehaviourSpec | undefined): PodScripts {
  const behaviours = compileBehaviours(
    spec ? [{ metadata: { name: 'test' }, spec } as Behaviour] : [],
  );
  const script = (each: Container) => scriptOf(each, matching(behaviours, pod, each), []);
  return {
    init: (pod.spec?.initContainers ?? []).map(script),
    main: (pod.spec?.containers ?? []).map(script),
    ephemeral: ephemeralContainers(pod).map(script),
  };
}
