/**
 * The DaemonSet controller: keeps one pod on every node that its template takes, and replaces the pods a few nodes at a time when
 * the template changes.
 *
 * A reconcile takes and lets go of pods, writes down the template as a ControllerRevision, looks at all nodes with the pods on
 * them, and then either makes and removes pods or writes the status. The scheduler binds the pods: each requires its node by
 * name. Cost: nodes and own pods; a node's change wakes only the DaemonSets to which it means something else than before.
 *
 * Invariant: where a pod should run follows from the template's node name, node selector, required node affinity and
 * tolerations alone. A taint that comes later and does not evict leaves the pod where it is, as one that is misscheduled.
 *
 * `placement` judges nodes, `pod` makes pods, `survey` brings both together, `manage` brings every node to one pod, `rollout`
 * replaces old ones (with surge or without), `status` counts: all pure. `revisions` writes the history, `back-off` holds
 * how long failed pods have to wait; it is the only state that is not derived from the API.
 *
 * Differs from upstream on purpose: a pod is of the present revision by its hash alone, not also by the number of the template,
 * which repeats when a DaemonSet is made again; and a node that goes away wakes the DaemonSet at once.
 */
export { createDaemonSetController } from './controller.ts';
