/**
 * The request model that every transport carries: what a client asks of an API server, whether by function call or HTTP.
 * Field names follow Kubernetes' own (`fieldManager`, `propagationPolicy`, …).
 */
import type { ResourceRef } from '../../generator/support/resource-ref.ts';
import type { KubeObject } from './object.ts';

export type { ResourceRef };

/** `deployments.apps`, or `pods` for the core group: how a resource is named in logs, queues and the store. */
export function resourceId(ref: { readonly group: string; readonly resource: string }): string {
  return ref.group === '' ? ref.resource : `${ref.resource}.${ref.group}`;
}

export type Verb = 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

export type PropagationPolicy = 'Orphan' | 'Background' | 'Foreground';

export interface RequestOptions {
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'NotOlderThan' | 'Exact';
  readonly propagationPolicy?: PropagationPolicy;
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Who asks. Locally the components' own names, as `system:…` users. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  /** Further attributes that the authenticator knows, `authentication.kubernetes.io/pod-name`. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Why a write happens: the journal's record of the reconcile, save or command that it belongs to. */
export interface Cause {
  readonly component: string;
  /** Journal record that asked for the write; 0 when nothing recorded did. */
  readonly record: number;
}

/** What the text of a body said beside the value that it is; only who had the text knows. */
export interface BodyNotes {
  /** What a strict decoder complains of, in its words: keys that an object has twice. */
  readonly strictErrors: readonly string[];
  /** Whole numbers that are written otherwise, `2.0` or `1e1`, by path: `spec.replicas`. Decoders of whole numbers refuse them. */
  readonly literals: Readonly<Record<string, string>>;
}

/** What the server notes of a request while it answers it, where webhooks may be asked about it. Nobody else makes one. */
export interface Exchange {
  /** What webhooks have to say to the client. */
  readonly warnings: string[];
  /** How long the client waits for them. */
  tookMs: number;
  /** Whether one of them changed the object. */
  isPatched: boolean;
  /** Under which uid something was asked outside of the cluster, by what was asked: the same when the request is answered again. */
  readonly uids: Map<string, string>;
}

export interface ApiRequest {
  readonly verb: Verb;
  readonly resource: ResourceRef;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly body?: unknown;
  /** Of a body that was decoded from text, where there is something to note. */
  readonly notes?: BodyNotes | undefined;
  readonly patchType?: PatchType | undefined;
  readonly options?: RequestOptions | undefined;
  /** What else the query says: options that only a subresource knows, such as those of `log`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly user: User;
  readonly cause: Cause;
  /**
   * A component of this process gives its word that the body is just what the server would keep: pruned, defaulted and valid. The
   * server then does not look again. Where objects are frozen it looks all the same, and calls a broken word a bug.
   */
  readonly vouched?: boolean | undefined;
  readonly exchange?: Exchange | undefined;
}

export interface ApiResponse {
  /** HTTP status code. At 400 and above `object` is a `Status`. */
  readonly code: number;
  readonly object: KubeObject;
  /** Instead of an object: a log. `isWhole` when nothing will follow. */
  readonly text?: string;
  readonly isWhole?: boolean;
  readonly warnings?: readonly string[];
  /** How long the answer took, where webhooks took their time. */
  readonly tookMs?: number;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface WatchEvent<T = KubeObject> {
  readonly type: WatchEventType;
  readonly object: T;
  /** The object before the change, as the server held it; absent for ADDED and for events that were replayed from a list. */
  readonly previous?: T;
  readonly revision: number;
}
