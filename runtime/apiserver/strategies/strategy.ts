import type { Random } from '../../base/index.ts';
import type { KubeObject, User } from '../../meta/index.ts';
import type { Authenticator } from '../authentication/index.ts';
import type { Authorizer } from '../authorization/index.ts';
import type { NodeConnection } from '../nodes.ts';
import type { Problem } from './problem.ts';

/** What a strategy may look at beside the object itself. */
export interface StrategyContext {
  now(): number;
  readonly random: Random;
  /** Says who may do what. */
  readonly authorizer: Authorizer;
  /** Objects of a resource by an index of this folder. */
  byIndex(resource: string, index: string, value: string): readonly KubeObject[];
  /** The first object of a resource, in the order of keys. */
  first(resource: string): KubeObject | undefined;
}

/** Who asks, and whom to ask. */
export interface AnswerContext {
  readonly user: User;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
}

/** What is known of the parts of the control plane. */
export interface ReadContext {
  now(): number;
  health(): readonly ComponentHealth[];
  /** The way to the kubelets. */
  readonly nodes: NodeConnection;
}

/** A part of the control plane; `error` says why it is not healthy. */
export interface ComponentHealth {
  readonly name: string;
  readonly error?: string;
}

/** Where the objects of a kind that is not stored come from. */
export interface Derived<T = KubeObject> {
  /** Id of the resource that they come from. */
  readonly of: string;
  /** How errors name one. */
  readonly called: string;
  /** Makes what makes them, for one request; undefined for a source of which there is none. */
  from(context: ReadContext): (source: KubeObject) => T | undefined;
}

/**
 * What no schema can say about one kind: fields that the server fills in, changes that it refuses, how the kind is deleted.
 * All functions are pure but for the context; each may be absent. Objects are immutable: a change is a new object.
 */
export interface Strategy<T = KubeObject> {
  /** Indexes that the strategy needs over its own resource. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>;
  /** Before defaulting and validation: what depends on several fields or on other objects. */
  prepareCreate?(object: T, context: StrategyContext, user: User): T;
  prepareUpdate?(object: T, old: T, context: StrategyContext): T;
  /** A write to the status subresource: `object` is the stored one with the new status. */
  prepareStatus?(object: T, old: T, context: StrategyContext, user: User): T;
  /** Of the main resource, or of a subresource other than status. `found` is what the schema has found already. */
  validate?(
    object: T,
    old: T | undefined,
    found: readonly Problem[],
    subresource?: string,
  ): readonly Problem[];
  validateStatus?(object: T, old: T): readonly Problem[];
  /** What a client is to be told about an object that is in order; not of writes to subresources. */
  warnings?(object: T, old: T | undefined): readonly string[];
  /** Refuses a deletion with the reason. */
  refuseDelete?(object: T): string | undefined;
  /** Seconds of grace; `requested` is the client's wish, `fallback` the kind's. */
  grace?(object: T, requested: number | undefined, fallback: number): number;
  /** The object once its deletion has begun. */
  markDeleted?(object: T): T;
  /** Whether something other than finalizers keeps a deleted object. */
  isHeld?(object: T): boolean;
  /** Of a kind that is not stored: creating one asks a question, and this gives the answer. */
  answer?(question: T, context: AnswerContext): T;
  /** Of a kind that is not stored: all objects that there are, worked out when somebody reads. */
  objects?(context: ReadContext): readonly T[];
  /** Of a kind that is not stored: each object is worked out from the one of the same name of another resource. */
  readonly derived?: Derived<T>;
  /** Dependents are orphaned where a deletion does not say what becomes of them, with this warning. */
  readonly orphanWarning?: string;
  /** Fields that lists select by, but that no path leads to, as texts. */
  readonly fieldValues?: Readonly<Record<string, (object: T) => string>>;
  /** What is said of a selector by any other field; not the same for all kinds. */
  unknownField?(path: string): string;
  /** Of a kind that is not stored: creating one is creating this subresource of the object that it is named after. */
  readonly standsFor?: { readonly resource: string; readonly subresource: string };
  /** DELETE answers with the object instead of a Status. */
  readonly returnsDeleted?: boolean;
  /** A new object may bring its status along, as nodes do that register themselves. */
  readonly keepsStatusOnCreate?: boolean;
  /** What every answer warns of. */
  readonly deprecation?: string;
  /** Why there can be no new objects now. */
  readonly refuseCreate?: string;
  /** An update must say which version it is of. */
  readonly needsVersion?: boolean;
}
