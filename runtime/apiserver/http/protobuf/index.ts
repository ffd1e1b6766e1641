/**
 * Kubernetes' protobuf: the form in which clients written in Go prefer to speak of Kubernetes' own kinds. A body is `k8s\0` and a
 * `runtime.Unknown`, which says the type and holds the object's message; a watch is a row of `WatchEvent`s, each behind its length.
 *
 * Nothing here is written for a kind. What a message holds follows from the schema of its definition (`message.ts`, `values.ts`), where it
 * stands from `schemas/protobuf.yaml`. Values come and go as those of the JSON form: base64 for bytes, RFC 3339 for times.
 *
 * Invariant: `decode` gives what the body would have been as JSON. Encoders write fields that are not set as empty ones, unless
 * they are pointers; such a value is left out, as in JSON. Fields of no known number are passed over. Bytes that are no message
 * are a 400.
 *
 * `..` negotiates and calls. Left out: discovery, which clients ask for in JSON.
 */
export { type Protobuf, protobuf, type TypeMeta } from './protobuf.ts';
