import type {
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
} from '../../generated/core/v1/types.ts';
import type { LabelSelector } from '../../generated/meta/v1/types.ts';

export type Labels = Readonly<Record<string, string>>;

/** A compiled label selector. */
export interface PodSelector {
  matches(labels: Labels): boolean;
  /** Selects everything because it states nothing. */
  readonly empty: boolean;
  /** Equal selectors have equal keys. */
  readonly key: string;
  /** A label, as `labelPair`, that all it matches have; undefined when it asks for none in particular. */
  readonly pair: string | undefined;
}

/** One label as text: an index key. */
export function labelPair(key: string, value: string): string {
  return `${key}\0${value}`;
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Upstream's rule: no selector selects nothing, an empty one everything. */
export function compileLabelSelector(selector: LabelSelector | undefined): PodSelector {
  if (!selector) return { matches: () => false, empty: false, key: 'nothing', pair: undefined };
  return selectorOf([
    ...labelsToRequirements((selector.matchLabels ?? {}) as Labels),
    ...((selector.matchExpressions ?? []) as readonly Requirement[]),
  ]);
}

export function labelsToRequirements(labels: Labels): Requirement[] {
  return Object.keys(labels)
    .sort()
    .map((key) => ({ key, operator: 'In', values: [labels[key]!] }));
}

export function selectorOf(requirements: readonly Requirement[]): PodSelector {
  const tests = requirements.map(compileRequirement);
  const exact = requirements.find(
    ({ operator, values }) => operator === 'In' && values?.length === 1,
  );
  return {
    matches: (labels) => tests.every((test) => test(labels)),
    empty: tests.length === 0,
    key: JSON.stringify(requirements),
    pair: exact && labelPair(exact.key, exact.values![0]!),
  };
}

function compileRequirement({
  key,
  operator,
  values = [],
}: Requirement): (labels: Labels) => boolean {
  const only = values[0];
  switch (operator) {
    case 'In':
      if (values.length === 1) return (labels) => labels[key] === only && key in labels;
      return (labels) => key in labels && values.includes(labels[key]!);
    case 'NotIn':
      return (labels) => !(key in labels) || !values.includes(labels[key]!);
    case 'Exists':
      return (labels) => key in labels;
    case 'DoesNotExist':
      return (labels) => !(key in labels);
    case 'Gt':
    case 'Lt':
      return compareRequirement(key, operator, only);
    default:
      return () => false;
  }
}

function compareRequirement(key: string, operator: 'Gt' | 'Lt', bound: string | undefined) {
  const limit = integer(bound);
  return (labels: Labels): boolean => {
    const value = integer(labels[key]);
    if (value === undefined || limit === undefined) return false;
    return operator === 'Gt' ? value > limit : value < limit;
  };
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

/** What a node selector term looks at. */
export interface NodeFields {
  readonly name: string;
  readonly labels: Labels;
}

export type NodeMatcher = (node: NodeFields) => boolean;

/** Terms are alternatives; a term without requirements, and a selector without terms, match no node. */
export function compileNodeSelector(selector: NodeSelector): NodeMatcher {
  const terms = (selector.nodeSelectorTerms ?? []).map(compileNodeSelectorTerm);
  return (node) => terms.some((term) => term(node));
}

export function compileNodeSelectorTerm(term: NodeSelectorTerm): NodeMatcher {
  const expressions = (term.matchExpressions ?? []) as readonly Requirement[];
  const fields = (term.matchFields ?? []) as readonly NodeSelectorRequirement[];
  if (expressions.length === 0 && fields.length === 0) return () => false;
  if (!expressions.every(hasValidValues)) return () => false;
  const byLabels = selectorOf(expressions);
  const byFields = fields.map(compileField);
  return (node) => byLabels.matches(node.labels) && byFields.every((test) => test(node));
}

const LABEL_VALUE = /^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

const LABEL_RULE =
  'a valid label must be an empty string or consist of alphanumeric characters, ' +
  "'-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** A term with something that cannot be a label's value matches nothing, whatever its operator. */
function hasValidValues({ values = [] }: Requirement): boolean {
  return values.every((value) => LABEL_VALUE.test(value));
}

/** What is wrong with the first value of a label selector that cannot be a label's value; undefined when all can. */
export function invalidValue(selector: LabelSelector | undefined): string | undefined {
  for (const { key, values = [] } of (selector?.matchExpressions ?? []) as readonly Requirement[]) {
    const at = values.findIndex((value) => !LABEL_VALUE.test(value));
    if (at >= 0) return `values[${at}][${key}]: Invalid value: "${values[at]}": ${LABEL_RULE}`;
  }
  return undefined;
}

/** Only `metadata.name` is a field that nodes can be selected by. */
function compileField({ key, operator, values = [] }: NodeSelectorRequirement): NodeMatcher {
  if (key !== 'metadata.name' || values.length !== 1) return () => false;
  if (operator === 'In') return (node) => node.name === values[0];
  if (operator === 'NotIn') return (node) => node.name !== values[0];
  return () => false;
}
