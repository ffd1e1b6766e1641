import type { ConfigMap } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { decodedBytes, MAX_BYTES, textBytes } from './data-size.ts';
import { invalid, type Problem, tooLong } from './problem.ts';
import type { Strategy } from './strategy.ts';

/** ConfigMaps: a key is in one of the two maps, and both together have a size that can be stored. */
export const configMaps: Strategy<ConfigMap & KubeObject> = {
  validate(map, old) {
    const { data = {}, binaryData = {} } = map;
    if (old && map.data === old.data && map.binaryData === old.binaryData) return [];
    const problems: Problem[] = Object.keys(data)
      .filter((key) => Object.hasOwn(binaryData, key))
      .map((key) => invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    if (textBytes(data) + decodedBytes(binaryData) > MAX_BYTES)
      problems.push(tooLong('', MAX_BYTES));
    return problems;
  },
};
