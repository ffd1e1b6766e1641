import type { Container, Pod } from '../../generated/core/v1/types.ts';

/**
 * Whether a container that ended with `code` runs again: its own restart rules first, then its own policy, then the pod's. An
 * init container under `Always` counts as `OnFailure`, which its caller sees to.
 */
export function restartsAfter(
  container: Container,
  pod: Pod,
  sidecar: boolean,
  code: number,
): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    const listed = exitCodes?.values?.includes(code) ?? false;
    const matches = exitCodes?.operator === 'NotIn' ? !listed : listed;
    if (matches && action === 'Restart') return true;
  }
  if (sidecar) return true;
  switch (container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always') {
    case 'Never':
      return false;
    case 'OnFailure':
      return code !== 0;
    default:
      return true;
  }
}
