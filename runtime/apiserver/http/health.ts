import { type Answer, failure, plainText } from './answer.ts';

/** Checks by the name under which they are asked for, `/readyz/etcd`; a text is what is wrong. */
export type HealthChecks = Readonly<Record<string, () => string | undefined>>;

const ROOTS = new Set(['healthz', 'livez', 'readyz']);

/** The answer to `/healthz`, `/livez`, `/readyz` and what is below them; undefined for other paths. */
export function healthAnswer(
  path: string,
  parameters: URLSearchParams,
  checks: HealthChecks,
): Answer | undefined {
  const [, root = '', name, ...rest] = path.split('/');
  if (!ROOTS.has(root) || rest.length > 0) return undefined;
  if (name) {
    const check = checks[name];
    if (!check) return undefined;
    const wrong = check();
    return wrong === undefined
      ? plainText(200, 'ok')
      : plainText(500, `internal server error: ${wrong}\n`);
  }
  const excluded = new Set(parameters.getAll('exclude'));
  const results = Object.entries(checks).map(([each, check]) => {
    if (excluded.has(each)) return { line: `[+]${each} excluded: ok`, isOk: true };
    const isOk = check() === undefined;
    return { line: isOk ? `[+]${each} ok` : `[-]${each} failed: reason withheld`, isOk };
  });
  const isOk = results.every((each) => each.isOk);
  const lines = results.map(({ line }) => line);
  if (!isOk) return plainText(500, `${[...lines, `${root} check failed`].join('\n')}\n`);
  if (!parameters.has('verbose')) return plainText(200, 'ok');
  return plainText(200, `${[...lines, `${root} check passed`].join('\n')}\n`);
}

/** Counts what the server has answered, for `/metrics`. */
export class RequestCounter {
  readonly #counts = new Map<string, number>();

  count(labels: { verb: string; resource: string; code: number }): void {
    const { verb, resource, code } = labels;
    const key = `code="${code}",resource="${resource}",verb="${verb}"`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** In Prometheus' text format, with the number of stored objects by resource. */
  text(objects: Iterable<readonly [resource: string, count: number]>): string {
    const lines = [
      '# HELP apiserver_request_total Requests that were answered, by verb, resource and code.',
      '# TYPE apiserver_request_total counter',
      ...[...this.#counts].map(([labels, count]) => `apiserver_request_total{${labels}} ${count}`),
      '# HELP apiserver_storage_objects Objects that are stored, by resource.',
      '# TYPE apiserver_storage_objects gauge',
      ...[...objects].map(
        ([resource, count]) => `apiserver_storage_objects{resource="${resource}"} ${count}`,
      ),
    ];
    return `${lines.join('\n')}\n`;
  }
}

/** A client that asks too fast, or a server that is about to end. */
export const shuttingDown = (): Answer =>
  failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
