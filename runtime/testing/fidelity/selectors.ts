import { join } from 'node:path';
import {
  exactLabels,
  formatFieldSelector,
  formatRequirement,
  type Labels,
  parseFieldSelector,
  parseRequirements,
  type Requirement,
  requirementMatcher,
  requirementProblems,
} from '../../meta/index.ts';
import { type AreaResult, outcome, sameJson, Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

/** A requirement as Go's fields were dumped; an empty one has none. */
interface Dumped {
  readonly key?: string;
  readonly operator?: string;
  readonly strValues?: readonly string[];
}

const requirementOf = ({ key = '', operator = '', strValues = [] }: Dumped): Requirement => ({
  key,
  operator: operator as Requirement['operator'],
  values: strValues,
});

const dumpOf = ({ key, operator, values }: Requirement): Dumped => ({
  key,
  operator,
  strValues: values,
});

/** Parsing, printing, matching and construction of label and field selectors. */
export async function run(vectorsDir: string): Promise<AreaResult> {
  const dir = join(vectorsDir, 'selectors');
  const tally = new Tally('selectors');
  await parsing(dir, tally);
  await fields(dir, tally);
  await requirements(dir, tally);
  return tally.result();
}

async function parsing(dir: string, tally: Tally): Promise<void> {
  type Exact = { readonly selector: string; readonly labels: Labels; readonly valid: boolean };
  for (const { id, case: row } of await rowsOf<Exact>(dir, 'labels__TestLabelSelectorParse')) {
    const parsed = outcome(() => exactLabels(row.selector));
    const expected = row.valid ? { value: row.labels } : 'refused';
    tally.equal(id, expected, 'error' in parsed ? 'refused' : parsed);
  }
  type Parsed = {
    readonly In: string;
    readonly Out: readonly Dumped[] | null;
    readonly Match: boolean;
    readonly Valid: boolean;
  };
  for (const { id, case: row } of await rowsOf<Parsed>(dir, 'selector__TestSetSelectorParser')) {
    const parsed = outcome(() => parseRequirements(row.In).map(dumpOf));
    if ('error' in parsed || !row.Valid) {
      tally.equal(
        id,
        row.Valid ? row.Out : 'refused',
        'error' in parsed ? 'refused' : parsed.value,
      );
      continue;
    }
    const same = sameJson(parsed.value, row.Out ?? []);
    tally.add(same === row.Match ? undefined : { id, expected: row.Out, actual: parsed.value });
  }
}

async function fields(dir: string, tally: Tally): Promise<void> {
  for (const { id, list, case: text } of await rowsOf<string>(dir, 'selector__TestSelectorParse')) {
    const printed = outcome(() => formatFieldSelector(parseFieldSelector(text)));
    const expected = list === 'testGoodStrings' ? { value: text } : 'refused';
    tally.equal(id, expected, 'error' in printed ? 'refused' : printed);
  }
}

async function requirements(dir: string, tally: Tally): Promise<void> {
  type Built = {
    readonly Key: string;
    readonly Op: string;
    readonly Vals: readonly string[] | null;
    readonly WantErr: readonly { readonly $error: string }[] | null;
  };
  for (const { id, case: row } of await rowsOf<Built>(
    dir,
    'selector__TestRequirementConstructor',
  )) {
    const problems = requirementProblems(row.Key, row.Op, row.Vals ?? []);
    const expected = (row.WantErr ?? []).map(({ $error }) => $error);
    const actual = problems.map(({ field, reason, value }) => `${field}: ${reason}: ${value}`);
    tally.equal(id, expected, actual);
  }
  type Matched = { readonly Sel: readonly Dumped[]; readonly Set: Labels; readonly Match: boolean };
  for (const { id, case: row } of await rowsOf<Matched>(
    dir,
    'selector__TestRequirementSelectorMatching',
  )) {
    const matches = row.Sel.map((each) => requirementMatcher(requirementOf(each))(row.Set));
    tally.equal(id, row.Match, matches.every(Boolean));
  }
  type Printed = { readonly In: readonly Dumped[]; readonly Out: string };
  for (const { id, case: row } of await rowsOf<Printed>(dir, 'selector__TestToString'))
    tally.equal(
      id,
      row.Out,
      row.In.map((each) => formatRequirement(requirementOf(each))).join(','),
    );
}
