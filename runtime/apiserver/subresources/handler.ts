import type { ApiRequest, ApiResponse } from '../../meta/index.ts';
import type { Awaitable } from '../../storage/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';

type Answer = Awaitable<ApiResponse>;

/** What a subresource answers to each verb; a verb that is absent is not allowed. */
export interface SubresourceHandler {
  get?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
  create?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
  update?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
  patch?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
}
