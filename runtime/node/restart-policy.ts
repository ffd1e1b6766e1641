import type { Container, ContainerRestartRule, Pod } from '../../generated/core/v1/types.ts';

/** The first of a container's own restart rules that is about this exit code. */
export function matchingRule(
  { restartPolicyRules = [] }: Container,
  code: number,
): ContainerRestartRule | undefined {
  return restartPolicyRules.find(({ exitCodes }) => {
    const listed = exitCodes?.values?.includes(code) ?? false;
    return exitCodes?.operator === 'NotIn' ? !listed : listed;
  });
}

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
  if (matchingRule(container, code)?.action === 'Restart') return true;
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
