/**
 * The node's proxy (kube-proxy): Services and EndpointSlices in, the rules that carry their traffic out.
 *
 * `model/` says what a node sees; each emitter turns a model into the text that one mode of kube-proxy loads into the kernel.
 */
export * from './model/index.ts';
