import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { podId } from './container-machine.ts';
import { imageUser } from './programs/index.ts';

/** Why a container that must not run as root cannot be made, as the kubelet words it. */
export function rootProblem(
  pod: Pod,
  { name, image = '', securityContext = {} }: Container,
): string | undefined {
  const common = pod.spec?.securityContext ?? {};
  if (!(securityContext.runAsNonRoot ?? common.runAsNonRoot)) return undefined;
  const where = `(pod: ${JSON.stringify(podId(pod))}, container: ${name})`;
  const user = securityContext.runAsUser ?? common.runAsUser;
  if (user !== undefined)
    return Number(user) === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  if (imageUser(image) !== 0) return undefined;
  return `container has runAsNonRoot and image will run as root ${where}`;
}
