import type { ApiServer } from '../server.ts';
import type { Answer } from './answer.ts';
import { healthPaths } from './checks.ts';

/** `/`: the paths that lead on. */
export function rootPaths(server: ApiServer): Answer {
  const groups = new Set(
    server.schemas.kinds.flatMap(({ group, version }) =>
      group === '' ? ['/api', `/api/${version}`] : [`/apis/${group}`, `/apis/${group}/${version}`],
    ),
  );
  const paths = [
    ...groups,
    '/.well-known/openid-configuration',
    '/apis',
    '/apis/',
    ...healthPaths(),
    '/metrics',
    '/metrics/slis',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/openid/v1/jwks',
    '/version',
  ];
  return {
    code: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paths: paths.sort() }, null, 2),
  };
}
