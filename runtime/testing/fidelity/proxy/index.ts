/**
 * The recorded cases of kube-proxy in iptables mode, played through the rule model: the rules that end in the kernel, the text
 * of every sync, the answers of health check node ports, and the flows that are forgotten.
 *
 * Invariant: no kernel is asked. `saved.ts` says what one would print; a system test holds it to a real one.
 */
export { run } from './play.ts';
export { type SavedTables, savedTables } from './saved.ts';
