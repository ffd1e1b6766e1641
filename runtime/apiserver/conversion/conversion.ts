import type { KubeObject } from '../../meta/index.ts';
import { events } from './events.ts';
import { horizontalPodAutoscalers } from './horizontal-pod-autoscalers/index.ts';

/** Two pure functions between a version of a kind and the one in which it is stored. Neither looks at `apiVersion`. */
export interface FieldConversion {
  /** A stored object, as clients of the version see it. */
  fromStorage(object: KubeObject): KubeObject;
  /** What such a client says, in the form in which it is stored; of an apply it may be a part of an object. */
  toStorage(object: KubeObject): KubeObject;
}

/** A conversion of whole objects. The same stored object gives the same converted one. */
export interface Conversion extends FieldConversion {
  /** Whether both versions name their fields alike. */
  readonly hasSameFields: boolean;
}

/** Those whose fields differ from the stored ones, by version and kind. */
const BY_VERSION: Readonly<Record<string, FieldConversion>> = {
  'events.k8s.io/v1 Event': events,
  'autoscaling/v1 HorizontalPodAutoscaler': horizontalPodAutoscalers,
};

const SAME: FieldConversion = { fromStorage: (object) => object, toStorage: (object) => object };

/** How a kind goes from the storage version to another one, and back. */
export function conversionOf(kind: string, version: string, storageVersion: string): Conversion {
  const fields = BY_VERSION[`${version} ${kind}`] ?? SAME;
  const known = new WeakMap<KubeObject, KubeObject>();
  return {
    hasSameFields: fields === SAME,
    fromStorage(object) {
      let converted = known.get(object);
      if (!converted) {
        converted = { ...fields.fromStorage(object), apiVersion: version };
        known.set(object, converted);
      }
      return converted;
    },
    toStorage: (object) => ({ ...fields.toStorage(object), apiVersion: storageVersion }),
  };
}
