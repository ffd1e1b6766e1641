import type { VolumeAttachment } from '../../../../generated/storage/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { invalid } from '../problem.ts';
import type { Strategy } from '../strategy.ts';
import { driverNameProblems } from './names.ts';
import { inlineSpecProblems } from './volume-spec.ts';

/** VolumeAttachments: never change, but for their status. */
export const volumeAttachments: Strategy<VolumeAttachment & KubeObject> = {
  returnsDeleted: true,
  validate({ spec: { attacher, nodeName, source } }, old) {
    if (old) return [];
    const { inlineVolumeSpec, persistentVolumeName: volume } = source ?? {};
    // Beside a name, which is refused, the specification is not looked into.
    const inline = volume === undefined ? inlineVolumeSpec : undefined;
    const misnamed = volume !== undefined && FORMAT_CHECKS['dns-subdomain'](volume);
    const wrong = nodeName === '' && FORMAT_CHECKS['dns-subdomain'](nodeName);
    return [
      ...driverNameProblems(attacher, 'spec.attacher'),
      ...(wrong ? [invalid('spec.nodeName', nodeName, wrong)] : []),
      ...(inline ? inlineSpecProblems(inline, 'spec.source.inlineVolumeSpec') : []),
      ...(misnamed ? [invalid('spec.source.persistentVolumeName', volume, misnamed)] : []),
    ];
  },
};
