import type { KubernetesVersion } from '../../../generator/model/index.ts';
import { versionInfo } from '../discovery/version.ts';
import { checksAt, HEALTH_ROOTS, type HealthChecks } from './checks.ts';

/** What a request was, in the words of the API. */
export interface Counted {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly isDryRun?: boolean;
  readonly code: number;
}

/** HTTP's words for what the API calls otherwise; the others are the API's, in capitals. */
const VERBS: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
  deletecollection: 'DELETECOLLECTION',
};

/** Counts what the server has answered, for `/metrics`. */
export class RequestCounter {
  readonly #counts = new Map<string, number>();

  count(about: Counted): void {
    const { verb, group, version, resource, subresource = '', namespace, name, code } = about;
    const key = labels({
      code: String(code),
      component: 'apiserver',
      dry_run: about.isDryRun ? 'All' : '',
      group,
      resource,
      scope: name ? 'resource' : namespace ? 'namespace' : 'cluster',
      subresource,
      verb: VERBS[verb] ?? verb.toUpperCase(),
      version,
    });
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** In Prometheus' text format, with the number of stored objects by id of their resource. */
  text(
    objects: Iterable<readonly [id: string, count: number]>,
    version: KubernetesVersion,
    checks: HealthChecks,
  ): string {
    const counts = [...objects].map(([id, count]): [string, number] => {
      const [resource = '', ...group] = id.split('.');
      return [labels({ group: group.join('.'), resource }), count];
    });
    const stored = ['Objects that are stored, by resource.', counts] as const;
    return [
      metric('counter', 'apiserver_request_total', 'Requests that were answered.', this.#counts),
      metric('gauge', 'apiserver_resource_objects', ...stored),
      metric('gauge', 'apiserver_storage_objects', ...stored),
      metric(
        'gauge',
        'kubernetes_build_info',
        'What the server says of itself, as labels of a 1.',
        [[buildLabels(version), 1]],
      ),
      healthMetrics(checks),
    ].join('');
  }
}

/** `/metrics/slis`: what the checks of the server's health say, 1 where all is well. */
export function healthMetrics(own: HealthChecks): string {
  const samples = HEALTH_ROOTS.flatMap((type) =>
    checksAt(type, own).map(([name, check]): [string, number] => [
      labels({ name, type }),
      check() === undefined ? 1 : 0,
    ]),
  ).sort(([a], [b]) => (a < b ? -1 : 1));
  return metric('gauge', 'kubernetes_healthcheck', 'What one check of health says.', samples);
}

function buildLabels(version: KubernetesVersion): string {
  const info = versionInfo(version) as Readonly<Record<string, string>>;
  return labels({
    git_version: info['gitVersion'] ?? '',
    major: info['major'] ?? '',
    minor: info['minor'] ?? '',
    platform: info['platform'] ?? '',
  });
}

/** One metric with all its samples, by their labels. */
function metric(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  samples: Iterable<readonly [string, number]>,
): string {
  const lines = [...samples].map(([shown, value]) => `${name}${shown} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** `{code="200",verb="GET"}` */
function labels(values: Readonly<Record<string, string>>): string {
  const shown = Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${shown.join(',')}}`;
}
