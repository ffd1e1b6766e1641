/**
 * The userspace mode on Windows (until 1.25), as `netsh` commands: addresses of services on an interface, and ports that lead to
 * the proxy, which is that of userspace/.
 *
 * Invariant: a command's undoing names nothing but what the command named.
 *
 * For runtime/proxy only; pure. Left out: running the commands; who listens on the proxy's ports.
 */
export { WinUserspaceRules, winUserspaceEmitter } from './rules.ts';
