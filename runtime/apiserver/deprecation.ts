import type { ApiResponse } from '../meta/index.ts';
import type { ServedKind } from './kind.ts';

/** With the warning that every answer of a kind carries which went out of use; other answers as they are. */
export function withDeprecation(kind: ServedKind, answer: ApiResponse): ApiResponse {
  const { descriptor, apiVersion } = kind.version?.face ?? kind;
  const { deprecated, servedUntil, kind: name } = descriptor;
  if (!deprecated) return answer;
  const end = servedUntil ? `, unavailable in v${servedUntil}+` : '';
  const instead = deprecated.instead ? `; use ${deprecated.instead}` : '';
  const text = `${apiVersion} ${name} is deprecated in v${deprecated.since}+${end}${instead}`;
  return { ...answer, warnings: [text, ...(answer.warnings ?? [])] };
}
