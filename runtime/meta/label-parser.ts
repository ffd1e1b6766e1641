import {
  BINARY_OPERATORS,
  keyProblems,
  type Operator,
  problemText,
  type Requirement,
  type RequirementProblem,
  requirementProblems,
} from './label-requirement.ts';
import { badRequest } from './status.ts';

const TOKEN = /[ \t\r\n]*(==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+)/y;
const WORD = /^[^=!(),<>]/;
const OPERATOR_OF: Readonly<Record<string, Operator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

/** `a=b,c!=d,e in (x,y),!f` as requirements, sorted by key; throws a 400 on text that is no selector. */
export function parseRequirements(text: string): Requirement[] {
  const tokens = new Tokens(text);
  const requirements: Requirement[] = [];
  while (tokens.next !== '') {
    if (tokens.next !== '!' && !tokens.isWord)
      throw unexpected(tokens.next, "!, identifier, or 'end of string'");
    requirements.push(requirementAt(tokens));
    const separator = tokens.take();
    if (separator === '') break;
    if (separator !== ',') throw unexpected(separator, "',' or 'end of string'");
    if (tokens.next !== '!' && !tokens.isWord)
      throw unexpected(tokens.next, "identifier after ','");
  }
  return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** The tokens of a selector, one ahead; the empty one is the end. */
class Tokens {
  readonly #all: readonly string[];
  #at = 0;

  constructor(text: string) {
    const all: string[] = [];
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) all.push(match[1]!);
    this.#all = all;
  }

  get next(): string {
    return this.#all[this.#at] ?? '';
  }

  get isWord(): boolean {
    return WORD.test(this.next);
  }

  take(): string {
    const token = this.next;
    this.#at++;
    return token;
  }
}

function requirementAt(tokens: Tokens): Requirement {
  const negated = tokens.next === '!';
  if (negated) tokens.take();
  if (!tokens.isWord) throw unparsable(found(tokens.next, 'identifier'));
  const key = tokens.take();
  refuse(keyProblems(key));
  const bare = tokens.next === '' || tokens.next === ',';
  if (negated || bare) return requirement(key, negated ? '!' : 'exists', []);
  const sign = tokens.take();
  const operator = OPERATOR_OF[sign];
  if (!operator) throw unparsable(found(sign, BINARY_OPERATORS.join(', ')));
  const isSet = operator === 'in' || operator === 'notin';
  return requirement(key, operator, isSet ? valuesAt(tokens) : [valueAt(tokens)]);
}

function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const sorted = [...new Set(values)].sort();
  refuse(requirementProblems(key, operator, sorted));
  return { key, operator, values: sorted };
}

function valueAt(tokens: Tokens): string {
  if (tokens.next === '' || tokens.next === ',') return '';
  if (!tokens.isWord) throw unparsable(found(tokens.next, 'identifier'));
  return tokens.take();
}

/** `(a,b)`; a place between commas or parentheses that holds nothing is the empty value. */
function valuesAt(tokens: Tokens): string[] {
  if (tokens.next !== '(') throw unparsable(`found '${tokens.next}' expected: '('`);
  tokens.take();
  const values: string[] = [];
  for (;;) {
    values.push(tokens.isWord ? tokens.take() : '');
    const separator = tokens.take();
    if (separator === ')') return values;
    if (separator !== ',') throw unparsable(found(separator, "',' or ')'"));
  }
}

const found = (token: string, expected: string): string =>
  `found '${token}', expected: ${expected}`;

const unexpected = (token: string, expected: string): Error => badRequest(found(token, expected));

const unparsable = (why: string): Error => badRequest(`unable to parse requirement: ${why}`);

function refuse(problems: readonly RequirementProblem[]): void {
  if (problems.length === 0) return;
  const texts = problems.map(problemText);
  throw unparsable(texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`);
}
