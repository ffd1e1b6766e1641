/**
 * Decoding: the text of a body to the value that it is, and what is to be said against the two.
 *
 * Kubernetes' API server decodes into Go structs, and what its decoder says reaches every client: wrong types in the words of Go's
 * JSON decoder, keys that an object has twice, whole numbers that are written as fractions. Here the schema stands for the
 * structs, and values are decoded before anybody knows their schema; so what only the text knows is noted (`BodyNotes`) and
 * goes along with the request.
 *
 * `decodeText` is for whoever has text: the HTTP shell, the replay of recordings. `typeError` is for whoever admits a body and was
 * told that it is none. Both are pure, and cost something only where there is something to say: what is right is looked at once.
 *
 * Left out: protobuf bodies.
 */

export { jsonSyntaxError } from './json-syntax.ts';
export { type DecodedText, decodeText } from './text.ts';
export { typeError } from './type-errors.ts';
