import type { PersistentVolume } from '../../../../generated/core/v1/types.ts';
import { formatTime, jsonEqual, type KubeObject } from '../../../meta/index.ts';
import type { Strategy } from '../strategy.ts';
import { volumeChangeProblems, volumeSpecProblems } from './volume-spec.ts';

type StoredVolume = PersistentVolume & KubeObject;

/** PersistentVolumes: begin as pending, and know when their phase last changed. */
export const persistentVolumes: Strategy<StoredVolume> = {
  returnsDeleted: true,
  prepareCreate: (volume, context) => ({
    ...volume,
    status: { phase: 'Pending', lastPhaseTransitionTime: formatTime(context.now()) },
  }),
  prepareStatus(volume, { status: old }, context) {
    const { phase, lastPhaseTransitionTime: said } = volume.status ?? {};
    if (phase === old?.phase || (said && said !== old?.lastPhaseTransitionTime)) return volume;
    const lastPhaseTransitionTime = formatTime(context.now());
    return { ...volume, status: { ...volume.status, lastPhaseTransitionTime } };
  },
  validate({ spec = {} }, old) {
    if (old && spec === old.spec) return [];
    return [
      ...volumeSpecProblems(spec, 'spec'),
      ...(old ? volumeChangeProblems(spec, old.spec ?? {}, jsonEqual) : []),
    ];
  },
};
