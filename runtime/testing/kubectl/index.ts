/**
 * What of kubectl works: every command of it, in the order of a session with one server, and what it must say.
 *
 * `runtime/cli/serve.system.test.ts` runs them with the real kubectl. One that does not work stands here with the reason, so
 * that this is the list to look at. Left out: commands that need a container (`exec`, `attach`, `cp`, `port-forward`, `debug`).
 */
export { KUBECTL, type KubectlStep } from './commands.ts';
