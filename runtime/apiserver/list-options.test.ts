import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../generated/registry.ts';
import type { RequestOptions } from '../meta/index.ts';
import { CompactedError } from '../storage/index.ts';
import { continueToken, INCONSISTENT, readContinueToken } from './continue-token.ts';
import type { Core } from './core.ts';
import { serveKind } from './kind.ts';
import { momentOf } from './list-options.ts';
import { list } from './read.ts';
import { refusal } from './server.fakes.ts';

const CURRENT = 50;
const asked = (options: RequestOptions) => refusal((async () => momentOf(options, CURRENT))());

describe('momentOf', () => {
  it('takes the present for everything that may be newer', () => {
    const now: RequestOptions[] = [
      {},
      { resourceVersion: '0' },
      { resourceVersion: '0', limit: 5 },
      { resourceVersion: '7' },
      { resourceVersion: '50', resourceVersionMatch: 'NotOlderThan' },
      { resourceVersion: '0', resourceVersionMatch: 'NotOlderThan' },
    ];
    for (const options of now) expect(momentOf(options, CURRENT)).toEqual({ kind: 'now' });
  });

  it('takes the past where it is asked for, or where a page is of it', () => {
    const exact = { kind: 'exact', revision: 7 };
    const match = { resourceVersion: '7', resourceVersionMatch: 'Exact' } as const;
    expect(momentOf(match, CURRENT)).toEqual(exact);
    expect(momentOf({ resourceVersion: '7', limit: 5 }, CURRENT)).toEqual(exact);
  });

  it('refuses what has not come yet, what is no revision, and what says two things', async () => {
    expect([
      await asked({ resourceVersion: '51' }),
      await asked({ resourceVersion: 'x' }),
      await asked({ resourceVersion: '7', continue: 'y' }),
      await asked({ resourceVersionMatch: 'NotOlderThan' }),
      await asked({ resourceVersion: '0', resourceVersionMatch: 'Exact' }),
      await asked({ resourceVersion: '7', resourceVersionMatch: 'NotOlderThan', continue: 'y' }),
    ]).toMatchInlineSnapshot(`
      [
        {
          "code": 504,
          "message": "Timeout: Too large resource version: 51, current: 50",
          "reason": "Timeout",
        },
        {
          "code": 400,
          "message": "resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax",
          "reason": "BadRequest",
        },
        {
          "code": 400,
          "message": "specifying resource version is not allowed when using continue",
          "reason": "BadRequest",
        },
        {
          "code": 422,
          "fields": [
            "resourceVersionMatch",
          ],
          "message": "ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
          "reason": "Invalid",
        },
        {
          "code": 422,
          "fields": [
            "resourceVersionMatch",
          ],
          "message": "ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"",
          "reason": "Invalid",
        },
        {
          "code": 422,
          "fields": [
            "resourceVersionMatch",
          ],
          "message": "ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided",
          "reason": "Invalid",
        },
      ]
    `);
  });
});

describe('continue tokens', () => {
  it('come back as they went', () => {
    const from = { revision: 7, start: 'default/a\0' };
    expect(readContinueToken(continueToken(from))).toEqual(from);
  });

  it('are refused where no server made them', () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const v = 'meta.k8s.io/v1';
    const wrong = [
      'x',
      encode({ v: 'v9', rv: 1, start: 'a' }),
      encode({ v, start: 'a' }),
      encode({ v, rv: 1 }),
      encode({ v, rv: 1, start: '../secrets/a' }),
    ];
    for (const token of wrong)
      expect(() => readContinueToken(token)).toThrow(/^invalid continue token: continue key is/);
  });
});

describe('a list of a revision that is gone', () => {
  const ranges: unknown[] = [];
  const store = {
    range(options: { revision: number }) {
      ranges.push(options);
      if (options.revision < 40) throw new CompactedError(40);
      return { entries: [] };
    },
  };
  const core = { revision: CURRENT, store } as unknown as Core;
  const descriptor = schemaSet.kinds.find(({ kind }) => kind === 'ConfigMap')!;
  const kind = serveKind(schemaSet, descriptor);
  const listed = (options: RequestOptions) => list(core, kind, { options } as never);
  const refused = async (options: RequestOptions) => {
    const error = await listed(options).catch((thrown) => thrown);
    return (error as { status: { code: number; message: string; metadata: { continue?: string } } })
      .status;
  };

  it('is refused, and going on with one gives a token to go on all the same', async () => {
    const exact = await refused({ resourceVersion: '7', resourceVersionMatch: 'Exact' });
    expect([exact.code, exact.message, exact.metadata.continue]).toEqual([
      410,
      'The resourceVersion for the provided list is too old.',
      undefined,
    ]);
    const start = 'default/b\0';
    const gone = await refused({ continue: continueToken({ revision: 7, start }) });
    expect(gone.code).toBe(410);
    const token = gone.metadata.continue!;
    expect(readContinueToken(token)).toEqual({ revision: INCONSISTENT, start });
    const { object } = await listed({ continue: token, limit: 5 });
    expect(object.metadata.resourceVersion).toBe(String(CURRENT));
    expect(ranges.at(-1)).toMatchObject({
      start: '/registry/configmaps/default/b\0',
      revision: CURRENT,
    });
  });
});
