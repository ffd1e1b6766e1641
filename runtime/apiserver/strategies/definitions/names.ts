import type {
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
} from '../../../../generated/apiextensions/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { invalid, type Problem, required } from '../problem.ts';

const label = FORMAT_CHECKS['dns-1035-label'];

export const labelProblem = (field: string, text: string): Problem[] => {
  const wrong = label(text);
  return wrong ? [invalid(field, text, wrong)] : [];
};

const kindProblem = (field: string, text: string): Problem[] => {
  const wrong = label(text.toLowerCase());
  return wrong
    ? [invalid(field, text, `may have mixed case, but should otherwise match: ${wrong}`)]
    : [];
};

/** Names that a definition must have. */
export function missingNames({ names }: CustomResourceDefinitionSpec, at: string): Problem[] {
  const all = { plural: '', kind: '', ...names };
  return (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((name) => !all[name])
    .map((name) => required(`${at}.names.${name}`));
}

/** Names that cannot be: each is part of a path or the name of a type. */
export function nameProblems(names: CustomResourceDefinitionNames, at: string): Problem[] {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
  return [
    ...(plural ? labelProblem(`${at}.plural`, plural) : []),
    ...(singular ? labelProblem(`${at}.singular`, singular) : []),
    ...(kind ? kindProblem(`${at}.kind`, kind) : []),
    ...(listKind ? kindProblem(`${at}.listKind`, listKind) : []),
    ...shortNames.flatMap((name, index) => labelProblem(`${at}.shortNames[${index}]`, name)),
    ...(kind && kind === listKind
      ? [invalid(`${at}.listKind`, listKind, 'kind and listKind may not be the same')]
      : []),
    ...categories.flatMap((name, index) => labelProblem(`${at}.categories[${index}]`, name)),
  ];
}
