/**
 * The wire format of protocol buffers: bytes of fields, numbers and lengths, of which messages are put together. Knows no message.
 *
 * `Output` grows from its end to its beginning, so that nothing is measured or copied before it is written: write what comes last
 * first. `Input` reads bytes that may be anything; what is no message is a `WireError`, never another error and never a loop.
 *
 * Used for the OpenAPI document that kubectl asks for (`../openapi`) and for Kubernetes' objects (`../http/protobuf`).
 */
export { Input, WireError } from './input.ts';
export { FIXED64, LENGTH, Output, VARINT, type Wire } from './output.ts';
