/**
 * What a real API server answered, asked of ours in process: no HTTP, so media types and watches are left out.
 * Who impersonates somebody is authorized as he.
 *
 * Invariant: an answer is compared exactly as the README beside the recordings says; a step that cannot be asked is not
 * counted, and neither is what follows it.
 */
export { replayDiscovery } from './discovery.ts';
export { replayCreates, replaySequences } from './replay.ts';
