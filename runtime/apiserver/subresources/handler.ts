import type { PrinterColumn } from '../../../generator/model/index.ts';
import type { ApiRequest, ApiResponse } from '../../meta/index.ts';
import type { Awaitable } from '../../storage/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';

type Answer = Awaitable<ApiResponse>;

/** What a subresource answers to each verb; a verb that is absent is not allowed. */
export interface SubresourceHandler {
  /** Columns of the table that `kubectl get --subresource` prints, where the answer is not the object itself. */
  readonly columns?: readonly PrinterColumn[];
  get?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
  create?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
  update?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
  patch?(core: Core, kind: ServedKind, request: ApiRequest): Answer;
}
