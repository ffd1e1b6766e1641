/**
 * What of kubectl works: every command of it, in the order of a session with one server, and what it must say.
 *
 * `runtime/cli/serve.system.test.ts` runs them with the real kubectl. One that does not work stands here with the reason, so
 * that this is the list to look at. What is said from within a container (`exec`, `attach`, `cp`, `port-forward`, `debug`) a Behaviour of the
 * table says. Does not work: `cp` out of a container, which has no files; terminals have no size.
 */
export { KUBECTL, KUBECTL_INSIDE, type KubectlStep } from './commands.ts';
