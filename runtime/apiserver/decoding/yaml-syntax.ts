import type { LineCounter, YAMLError } from 'yaml';

/** How Go's parser says it, and whether it is its scanner that does: the two count lines in different ways. */
interface Wording {
  readonly says: string;
  readonly isScanner: boolean;
}

const scanner = (says: string): Wording => ({ says, isScanner: true });
const parser = (says: string): Wording => ({ says, isScanner: false });

/** What is wrong with a YAML text, in the words of Go's parser where they are known; without `yaml: ` before it. */
export function yamlSyntaxError(
  { code, message, pos: [start] }: YAMLError,
  text: string,
  lines: LineCounter,
): string {
  const { says, isScanner } = wordingOf(code, message, text);
  const at = code === 'BLOCK_AS_IMPLICIT_KEY' ? Math.max(start, text.indexOf(':', start)) : start;
  const { line } = lines.linePos(at);
  const told = isScanner && line > 1 ? line : line - 1;
  return told > 0 ? `line ${told}: ${says}` : says;
}

function wordingOf(code: string, message: string, text: string): Wording {
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return scanner('mapping values are not allowed in this context');
    case 'MULTILINE_IMPLICIT_KEY':
      return scanner("could not find expected ':'");
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token');
    case 'MISSING_CHAR':
      return message.startsWith('Missing closing')
        ? scanner('found unexpected end of stream')
        : parser(flowWording(message, text));
    case 'BAD_INDENT':
      return parser(message.startsWith('Flow') ? flowWording(message, text) : keyWording(message));
    case 'UNEXPECTED_TOKEN':
      return parser(keyWording(message));
    default:
      return parser(message.split('\n')[0]!);
  }
}

function flowWording(message: string, text: string): string {
  if (/[[{,]\s*$/.test(text)) return 'did not find expected node content';
  return `did not find expected ',' or '${message.includes('}') ? '}' : ']'}'`;
}

const keyWording = (message: string): string =>
  message.includes('sequence') || message.endsWith('at node end')
    ? "did not find expected '-' indicator"
    : 'did not find expected key';
