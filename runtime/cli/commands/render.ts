import { inApplyOrder, type ManifestResource, openProject } from '../../authoring/index.ts';
import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import { hasErrors, reportCheck } from '../findings.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';
import { yamlDocuments } from '../yaml.ts';

/** Groups of the kinds that no API server takes: they configure the simulation, or a component by its file. */
const OWN_GROUPS = [
  'cluster.slipway.dev',
  'kubeproxy.config.k8s.io',
  'kubescheduler.config.k8s.io',
];

/** `slipway render`: what `kubectl apply -f -` takes, in the order in which it is to be applied. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const { path, relativeTo } = folderNamed(args[0]!, io);
  const project = openProject({ folder: path, relativeTo });
  try {
    const check = await project.check();
    reportCheck(io, check, check.findings, project.sourceText);
    if (hasErrors(check.findings)) return EXIT.invalid;
    const all = inApplyOrder(check.resources);
    const shown = options.all ? all : all.filter(({ ref }) => !OWN_GROUPS.includes(ref.group));
    const objects = shown.map(({ object }) => ordered(object));
    io.out(options.output === 'json' ? jsonOf(objects) : yamlDocuments(objects));
    return EXIT.ok;
  } finally {
    await project.close();
  }
}

function jsonOf(items: readonly object[]): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`;
}

/** With what names the object first, as every manifest is written. */
function ordered({ apiVersion, kind, metadata, ...rest }: ManifestResource['object']): object {
  return { apiVersion, kind, metadata, ...rest };
}
