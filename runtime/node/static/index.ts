/**
 * Static pods (https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/): pods that a kubelet runs because its own
 * configuration says so, and the mirrors by which the API server shows them.
 *
 * `manifest.ts` makes a node's pod of what a manifest says, `follow.ts` keeps what each node runs up with the manifests,
 * `sync.ts` is the pass of the pod worker for one of them, `mirror.ts` makes and clears away mirrors.
 *
 * Invariant: nothing about running one depends on the API server. Its status is kept here and written to the mirror while there is
 * one and the server can be reached; a mirror that goes is made again and touches no container. A changed manifest is another
 * pod: the old one ends first.
 *
 * For runtime/node. Left out: manifests from a URL, and a node that cannot register runs none, as it has no kubelet here yet.
 */
export { followManifests, forgetStatics } from './follow.ts';
export { removeMirror } from './mirror.ts';
export { syncStatic } from './sync.ts';
