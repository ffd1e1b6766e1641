import type { ApiRequest, KubeObject } from '../../meta/index.ts';
import type { ServedKind } from '../kind.ts';
import type { AdmissionAttributes } from './plugin.ts';

/** Groups of kinds that stand at subresources and are not of the core group. */
const VERSIONS: Readonly<Record<string, readonly [group: string, version: string]>> = {
  Eviction: ['policy', 'v1'],
  TokenRequest: ['authentication.k8s.io', 'v1'],
};

const FLAGS = new Set(['stdin', 'stdout', 'stderr', 'tty']);

/** The kind that stands at a subresource, where it is not the resource's own. */
export function kindAt(
  { descriptor }: ServedKind,
  subresource: string | undefined,
): AdmissionAttributes['said'] {
  const found = descriptor.subresources.others?.[subresource ?? '']?.kind;
  if (found === undefined || found === descriptor.kind) return undefined;
  const [group, version] = VERSIONS[found] ?? ['', 'v1'];
  return { group, version, kind: found };
}

/** A connection as admission sees it: its options are the object. */
export function connecting(
  kind: ServedKind,
  request: ApiRequest,
  parameters: URLSearchParams,
): AdmissionAttributes {
  const { namespace, name = '', subresource, user } = request;
  const said = kindAt(kind, subresource);
  const object = { kind: said?.kind, apiVersion: 'v1', ...optionsIn(parameters) };
  return {
    operation: 'CONNECT',
    kind,
    namespace,
    name,
    subresource,
    object: object as unknown as KubeObject,
    user,
    dryRun: false,
    request,
    ...(said ? { said } : {}),
  };
}

/** Parameters as the fields of options: flags are true or left out, commands and ports lists. */
function optionsIn(parameters: URLSearchParams): object {
  const fields: Record<string, unknown> = {};
  for (const name of new Set(parameters.keys())) {
    const value = parameters.get(name) ?? '';
    if (FLAGS.has(name)) {
      if (/^(true|1)$/.test(value)) fields[name] = true;
    } else if (name === 'command') fields[name] = parameters.getAll(name);
    else if (name === 'ports') fields[name] = parameters.getAll(name).map(Number);
    else fields[name] = value;
  }
  return fields;
}
