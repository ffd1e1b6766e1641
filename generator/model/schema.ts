import type { JsonSchema } from './structural/json-schema.ts';

/**
 * The schema model: what a YAML file under `schemas/`, a CustomResourceDefinition or an OpenAPI document becomes once
 * loaded. Plain data, so that it can be written out as the registry (`generated/registry`) and read back without parsing.
 */

export type FieldType =
  | 'object'
  | 'array'
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'intOrString'
  | 'any';

/** OpenAPI-style string and number formats, plus Kubernetes' own. The interpreter knows each; an unknown one is a load error. */
export type Format =
  | 'int32'
  | 'int64'
  | 'double'
  | 'byte' // base64
  | 'date-time' // metav1.Time, whole seconds
  | 'micro-time' // metav1.MicroTime, six decimals
  | 'quantity'
  | 'duration' // 1h30m
  | 'dns-label' // RFC 1123 label
  | 'dns-subdomain' // RFC 1123 subdomain
  | 'dns-1035-label'
  | 'label-key' // qualified name
  | 'label-value'
  | 'label-selector-operator'
  | 'port-name' // IANA service name
  | 'env-name'
  | 'config-key'
  | 'ip'
  | 'cidr'
  | 'absolute-path'
  | 'uuid'
  | 'path-segment' // what can stand between two slashes of a path
  | 'resource-name'; // name of a compute resource, qualified

/** How a list merges (server-side apply and strategic merge patch). */
export type ListType = 'atomic' | 'set' | 'map';

/** A rule over several fields, in CEL, as in `x-kubernetes-validations`. `self` is the value, `oldSelf` the stored one (update only). */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  /** Status cause reason: FieldValueInvalid (default), FieldValueRequired, FieldValueForbidden, FieldValueDuplicate, FieldValueNotSupported. */
  readonly reason?: string;
  /** Path below the value that the error names, e.g. `.template.metadata.labels`. */
  readonly fieldPath?: string;
}

/** One schema: of a whole object, a field, a list item or a map value. `$ref` excludes all but description, default, and the merge keywords. */
export interface Schema {
  /** Name of a definition in the same `SchemaSet`, `core/v1.PodSpec`. */
  readonly ref?: string;
  readonly type?: FieldType;
  readonly format?: Format;
  readonly description?: string;
  readonly enum?: readonly string[];
  /** Applied where the field is absent and its parent present. Deep-frozen JSON. */
  readonly default?: unknown;
  readonly required?: readonly string[];
  /** Of a field: what is told beside `Required value` where it is missing or has too few items. */
  readonly whenMissing?: string;
  /** Of an object: fields of which one may be set. The first that is set counts; others are refused unseen. */
  readonly alternatives?: Alternatives;
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Value schema of a map (`additionalProperties`). */
  readonly values?: Schema;
  /** Format of a map's keys. */
  readonly keys?: Format;
  readonly items?: Schema;
  readonly listType?: ListType;
  readonly listMapKeys?: readonly string[];
  /** `atomic` maps and structs are replaced whole by apply. */
  readonly mapType?: 'granular' | 'atomic';
  /** Strategic merge patch: `merge`, `replace`, `retainKeys`, comma-joined as upstream. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly immutable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Of a list keyed by one field: `false` where the API stores repeated keys all the same. */
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  /** Unknown fields below are kept (`x-kubernetes-preserve-unknown-fields`). */
  readonly preserveUnknown?: boolean;
  readonly nullable?: boolean;
  /**
   * Of an object: an empty list, map or text in an optional field is as good as none, as in kinds that are Go structs. Loading
   * `schemas/` sets it; custom resources keep what was sent. A field's `minLength: 0` says that '' is a value of its own.
   */
  readonly emptyIsAbsent?: boolean;
  /** Of a number or boolean in an object whose empty fields are absent: 0 or false is as good as none too. */
  readonly omitZero?: boolean;
  readonly rules?: readonly Rule[];
  /** Of a custom resource: the schema as its definition has it, which OpenAPI documents show. */
  readonly json?: JsonSchema;
}

/** A choice of fields, in the order in which the API looks at them. `kind` says in messages what each is: `volume type`. */
export interface Alternatives {
  readonly kind: string;
  readonly fields: readonly string[];
}

/** One column of `kubectl get`. `path` is a JSONPath below the object; `value` names a function of `runtime/meta` (for cells no path can express). */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description?: string;
  /** 0 is shown always, more only in wide output. */
  readonly priority?: number;
  readonly path?: string;
  readonly value?: string;
  /** Of a custom resource, instead of both: a JSONPath below the object, whose first value is shown by the column's type. */
  readonly jsonPath?: string;
}

/**
 * When an object of the kind is at its goal, as data. All `checks` must hold. A kind without `goal` is at its goal as soon
 * as it is stored. `want` and `have` feed the convergence screen. Paths are dotted, e.g. `spec.replicas`.
 */
export interface Goal {
  readonly want?: string;
  readonly have?: string;
  readonly checks: readonly GoalCheck[];
}

/** Exactly one of the forms. */
export interface GoalCheck {
  /** Two paths hold equal values; `value` compares with a literal instead; an absent number counts as 0. */
  readonly equal?: readonly [string, string];
  readonly path?: string;
  readonly oneOf?: readonly unknown[];
  /** `status.conditions` holds this type with this status, or with one of these reasons. */
  readonly condition?: {
    readonly type: string;
    readonly status: 'True' | 'False';
    readonly reasons?: readonly string[];
  };
  /** `status.conditions` holds none of these types that is True: what they tell of is not as it is wanted. */
  readonly without?: readonly string[];
  /** The check is skipped if the value at this path is one of these. */
  readonly unless?: { readonly path: string; readonly oneOf: readonly unknown[] };
}

/** A kind as the API serves it; nothing outside branches on a kind's name, it asks this descriptor. */
export interface KindDescriptor {
  readonly group: string; // '' for core
  readonly version: string;
  readonly kind: string;
  /**
   * Where objects are not stored in this group version: the one in which they are, `autoscaling/v2`, by which all that is not a
   * matter of form is settled. Both show the same objects.
   */
  readonly storageVersion?: string;
  /** First version of Kubernetes that serves the kind in this group version, `1.33`; absent: all that are modelled. */
  readonly servedFrom?: string;
  /** First version of Kubernetes that does not any more. */
  readonly servedUntil?: string;
  /** Since which version of Kubernetes clients are told not to use the kind in this group version, and what they should use. */
  readonly deprecated?: { readonly since: string; readonly instead?: string };
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Name of the root definition in the `SchemaSet`, `apps/v1.Deployment`. */
  readonly schema: string;
  readonly subresources: {
    readonly status?: Readonly<Record<string, never>>;
    readonly scale?: {
      readonly specReplicasPath: string;
      readonly statusReplicasPath: string;
      readonly labelSelectorPath?: string;
    };
    /** Others by name: binding, eviction, log, finalize, … with the kind they take. */
    readonly others?: Readonly<
      Record<string, { readonly kind: string; readonly verbs: readonly string[] }>
    >;
  };
  readonly printerColumns: readonly PrinterColumn[];
  /** Dotted paths usable in field selectors beside metadata.name and metadata.namespace. */
  readonly selectableFields: readonly string[];
  /** Top-level fields whose change raises metadata.generation, `*` for all but metadata; empty = the kind has no generation. */
  readonly generationFields: readonly string[];
  /** Format of metadata.name: dns-subdomain unless said otherwise. */
  readonly nameFormat: Format;
  /** The format that names had before this version of Kubernetes. */
  readonly nameFormatBefore?: { readonly version: string; readonly format: Format };
  readonly goal?: Goal;
  /** Dropped on create and on update of the main resource when the status subresource exists. */
  readonly statusField: 'status' | null;
  /** Seconds after which the server deletes the object by itself (Events: 3600). */
  readonly ttlSeconds?: number;
  /** Grace period of deletion in seconds, or the path that holds it; 0 = at once. */
  readonly deletionGrace?: { readonly path?: string; readonly seconds: number };
  /** What a finished object looks like whose deletion needs no grace (pods that ended or were never bound). */
  readonly allowsUpdateToCreate: boolean;
  /** A cluster has it because of a CustomResourceDefinition. */
  readonly custom?: true;
}

/** A group of the API, whether it has kinds here or not. */
export interface GroupDescriptor {
  readonly name: string; // '' for core
  /** Discovery lists groups by falling priority, equal ones by name; a group without one comes after all that have. */
  readonly priority?: number;
  /** Start of its definitions' names in OpenAPI documents, where it does not follow from the group's name. */
  readonly package?: string;
}

/**
 * The numbers of a message's fields in protobuf, by their names in JSON. A pair stands for a message inside, whose fields are in JSON
 * fields of this one.
 */
export type MessageFields = Readonly<Record<string, FieldPlace>>;

export type FieldPlace = number | readonly [number: number, message: string] | EitherPlace;

/**
 * A field whose value is one of several types in JSON. In protobuf it is a message with a field for each: of a bool, of a message, of a
 * list of messages, of a list of strings. A value that is a message is said to be `true` as well.
 */
export interface EitherPlace {
  readonly number: number;
  readonly boolean?: number;
  readonly message?: readonly [number: number, message: string];
  readonly messages?: readonly [number: number, message: string];
  readonly strings?: number;
}

/** Everything loaded: definitions by name, kinds by `group/version/kind` (`/v1/Pod`, `apps/v1/Deployment`). */
export interface SchemaSet {
  readonly definitions: Readonly<Record<string, Schema>>;
  readonly kinds: readonly KindDescriptor[];
  /** Kinds that are not served, but in whose form objects of those in `kinds` are stored. */
  readonly stored?: readonly KindDescriptor[];
  readonly groups?: readonly GroupDescriptor[];
  /** Messages of protobuf by definition; the running program has them apart (`generated/protobuf.json`). */
  readonly messages?: Readonly<Record<string, MessageFields>>;
}
