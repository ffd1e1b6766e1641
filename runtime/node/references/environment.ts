import type { Container, EnvFromSource, EnvVar } from '../../../generated/core/v1/types.ts';
import type { References } from './references.ts';

/** Why a container's environment cannot be made, as the kubelet words it: the first of what is missing; undefined if nothing is. */
export function environmentProblem(
  references: References,
  namespace: string,
  { env = [], envFrom = [] }: Container,
): string | undefined {
  for (const source of envFrom) {
    const problem = sourceProblem(references, namespace, source);
    if (problem !== undefined) return problem;
  }
  for (const variable of env) {
    const problem = variableProblem(references, namespace, variable);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function sourceProblem(
  { configMaps, secrets }: References,
  namespace: string,
  { configMapRef, secretRef }: EnvFromSource,
): string | undefined {
  const { name = '', optional } = configMapRef ?? secretRef ?? {};
  if (optional) return undefined;
  if (configMapRef && !configMaps.get(name, namespace)) return `configmap "${name}" not found`;
  if (secretRef && !secrets.get(name, namespace)) return `secret "${name}" not found`;
  return undefined;
}

function variableProblem(
  { configMaps, secrets }: References,
  namespace: string,
  { valueFrom }: EnvVar,
): string | undefined {
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference || reference.optional) return undefined;
  const { name = '', key } = reference;
  const kind = configMapKeyRef ? 'ConfigMap' : 'Secret';
  const found = (configMapKeyRef ? configMaps : secrets).get(name, namespace);
  if (!found) return `${kind.toLowerCase()} "${name}" not found`;
  return found.data?.[key] === undefined
    ? `couldn't find key ${key} in ${kind} ${namespace}/${name}`
    : undefined;
}
