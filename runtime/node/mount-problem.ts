import type { Container, VolumeMount } from '../../generated/core/v1/types.ts';

/** Why a container cannot be made because of the parts of volumes that it mounts, as the kubelet words it. */
export function mountProblem(
  { volumeMounts = [] }: Container,
  environment: () => ReadonlyMap<string, string>,
): string | undefined {
  for (const mount of volumeMounts) {
    const problem = subPathProblem(mount, environment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function subPathProblem(
  { subPath, subPathExpr }: VolumeMount,
  environment: () => ReadonlyMap<string, string>,
): string | undefined {
  if (!subPath && !subPathExpr) return undefined;
  const missing = new Set<string>();
  const path = subPathExpr ? filled(subPathExpr, environment(), missing) : subPath!;
  if (missing.size > 0) return `missing value for ${[...missing].sort().join(', ')}`;
  if (path.startsWith('/')) return `error SubPath \`${path}\` must not be an absolute path`;
  if (path.split('/').includes('..'))
    return `unable to provision SubPath \`${path}\`: must not contain '..'`;
  return undefined;
}

/** Unlike in a command, a variable that is not there, or empty, is missed here. */
function filled(text: string, env: ReadonlyMap<string, string>, missing: Set<string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (_, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = env.get(name) ?? '';
    if (value === '') missing.add(name);
    return value;
  });
}
