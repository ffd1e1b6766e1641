/**
 * The kubelet's own HTTP server (port 10250), as far as it can be asked through the API server: how its node is, what runs there,
 * what it uses, how it is configured, what containers have written.
 *
 * `routes.ts` finds who answers a path, `pod-lists.ts`, `summary.ts`, `metrics.ts` and `configz.ts` answer. Each answer is worked out
 * from what the kubelet knows at the moment, by the very code that eviction and the resource metrics use; asking leaves no trace.
 *
 * Left out: `/metrics/cadvisor` and `/metrics/probes`, of whose numbers hardly any is simulated, the files below `/logs/`, and
 * commands in containers.
 */
export { kubeletAnswer } from './routes.ts';
