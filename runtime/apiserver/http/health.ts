import { type Answer, failure, plainText } from './answer.ts';
import { checksAt, HEALTH_ROOTS, type HealthChecks, type HealthRoot } from './checks.ts';

/** The answer to `/healthz`, `/livez`, `/readyz` and what is below them; undefined for other paths. */
export function healthAnswer(
  path: string,
  parameters: URLSearchParams,
  own: HealthChecks,
): Answer | undefined {
  const [, first, ...rest] = path.split('/');
  const root = HEALTH_ROOTS.find((each) => each === first);
  if (!root) return undefined;
  const checks = checksAt(root, own);
  const name = rest.join('/');
  if (name === '') return overall(root, checks, parameters);
  const [, check] = checks.find(([each]) => each === name) ?? [];
  if (!check) return undefined;
  const wrong = check();
  return wrong === undefined
    ? plainText(200, 'ok')
    : plainText(500, `internal server error: ${wrong}\n`);
}

function overall(
  root: HealthRoot,
  checks: ReturnType<typeof checksAt>,
  parameters: URLSearchParams,
): Answer {
  const excluded = new Set(parameters.getAll('exclude'));
  const results = checks.map(([each, check]) => {
    if (excluded.delete(each)) return { line: `[+]${each} excluded: ok`, isOk: true };
    const isOk = check() === undefined;
    return { line: isOk ? `[+]${each} ok` : `[-]${each} failed: reason withheld`, isOk };
  });
  const isOk = results.every((each) => each.isOk);
  const lines = results.map(({ line }) => line);
  if (excluded.size > 0) {
    const names = [...excluded].map((each) => JSON.stringify(each)).join(', ');
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`);
  }
  if (!isOk) return plainText(500, `${[...lines, `${root} check failed`].join('\n')}\n`);
  if (!parameters.has('verbose')) return plainText(200, 'ok');
  return plainText(200, `${[...lines, `${root} check passed`].join('\n')}\n`);
}

/** A client that asks too fast, or a server that is about to end. */
export const shuttingDown = (): Answer =>
  failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
