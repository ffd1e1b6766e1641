import { join } from 'node:path';
import { parse } from 'yaml';
import type { Schema } from '../../../generator/model/schema.ts';
import {
  createMergePatch,
  createThreeWayJsonMergePatch,
  createThreeWayMergePatch,
  createTwoWayMergePatch,
  mergePatch,
  patchesConflict,
  splitNulls,
  strategicMergePatch,
} from '../../meta/index.ts';
import { ITEM_SCHEMA } from './patch-schema.ts';
import { type AreaResult, outcome, sameJson, Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

type Json = Record<string, unknown>;
type Document = string | Json;

const read = (document: Document | undefined): Json =>
  ((typeof document === 'string' ? parse(document) : document) ?? {}) as Json;

const resolve = (schema: Schema): Schema => (schema.ref ? ITEM_SCHEMA : schema);
const applied = (target: Json, patch: Json): unknown =>
  strategicMergePatch(target, patch, ITEM_SCHEMA, resolve);

/** Strategic and JSON merge patches: making them of documents, and applying them. */
export async function run(vectorsDir: string): Promise<AreaResult> {
  const dir = join(vectorsDir, 'patch');
  const tally = new Tally('patch');
  await strategic(dir, tally);
  await custom(dir, tally);
  await merge(dir, tally);
  return tally.result();
}

interface Documents {
  readonly Original: Document;
  readonly TwoWay: Document;
  readonly Modified: Document;
  readonly TwoWayResult?: Document;
  readonly Current: Document;
  readonly ThreeWay: Document;
  readonly Result: Document;
}

async function strategic(dir: string, tally: Tally): Promise<void> {
  for (const file of ['patch__TestStrategicMergePatch', 'patch__TestReplaceWithRawExtension'])
    for (const { id, case: row } of await rowsOf<Documents>(dir, file)) {
      if (row.TwoWay === undefined) continue;
      const [original, modified] = [read(row.Original), read(row.Modified)];
      const current = read(row.Current);
      const steps = {
        TwoWay: outcome(() => createTwoWayMergePatch(original, modified, ITEM_SCHEMA, resolve)),
        Modified: outcome(() => applied(original, read(row.TwoWay))),
        ThreeWay: outcome(() =>
          createThreeWayMergePatch({ original, modified, current }, ITEM_SCHEMA, resolve),
        ),
        Result: outcome(() => applied(current, read(row.ThreeWay))),
      };
      for (const [step, actual] of Object.entries(steps)) {
        const wanted =
          step === 'Modified' ? (row.TwoWayResult ?? row.Modified) : row[step as keyof Documents];
        tally.equal(`${id}:${step}`, { value: read(wanted) }, actual);
      }
    }
}

async function custom(dir: string, tally: Tally): Promise<void> {
  type Custom = Documents & { readonly ExpectedError?: string };
  for (const { id, case: row } of await rowsOf<Custom>(
    dir,
    'patch__TestCustomStrategicMergePatch',
  )) {
    const actual = outcome(() => applied(read(row.Original), read(row.TwoWay)));
    if (row.ExpectedError === undefined) tally.equal(id, { value: read(row.Modified) }, actual);
    else {
      const refused = 'error' in actual && actual.error.includes(row.ExpectedError);
      tally.add(refused ? undefined : { id, expected: row.ExpectedError, actual });
    }
  }
}

async function merge(dir: string, tally: Tally): Promise<void> {
  for (const { id, case: row } of await rowsOf<Documents>(
    dir,
    'patch__TestCreateThreeWayJSONMergePatch',
  )) {
    const [original, modified] = [read(row.Original), read(row.Modified)];
    const current = read(row.Current);
    const patch = createThreeWayJsonMergePatch(original, modified, current);
    tally.equal(id, row.ThreeWay, patch);
    tally.equal(`${id}:Result`, row.Result, mergePatch(current, patch));
  }
  type Numbers = Readonly<Record<'Old' | 'New' | 'ExpectedPatch' | 'ExpectedResult', string>>;
  for (const { id, case: row } of await rowsOf<Numbers>(dir, 'patch__TestNumberConversion')) {
    const old = JSON.parse(row.Old) as Json;
    const patch = createMergePatch(old, JSON.parse(row.New) as Json);
    const expected = [JSON.parse(row.ExpectedPatch), JSON.parse(row.ExpectedResult)];
    tally.equal(id, expected, [patch, mergePatch(old, patch)]);
  }
  type Nulls = Readonly<Record<'OriginalObj' | 'ExpectedWithNull' | 'ExpectedWithoutNull', Json>>;
  for (const { id, case: row } of await rowsOf<Nulls>(dir, 'patch__TestKeepOrDeleteNullInObj')) {
    const { nulls, values } = splitNulls(row.OriginalObj);
    tally.equal(id, [row.ExpectedWithNull, row.ExpectedWithoutNull], [nulls, values]);
  }
  type Pair = { readonly A: unknown; readonly B: unknown; readonly Ret: boolean };
  for (const { id, case: row } of await rowsOf<Pair>(dir, 'util__TestHasConflicts'))
    tally.add(
      sameJson(row.Ret, patchesConflict(row.A, row.B))
        ? undefined
        : { id, expected: row.Ret, actual: !row.Ret },
    );
}
