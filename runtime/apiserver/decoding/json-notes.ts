import type { BodyNotes } from '../../meta/index.ts';

/** An object or list that is open where the scan is. */
interface Frame {
  /** Of an object: the keys seen. */
  readonly keys: Set<string> | undefined;
  key: string;
  index: number;
  expectsKey: boolean;
}

const [QUOTE, BACKSLASH, COMMA, MINUS, ZERO, NINE] = [34, 92, 44, 45, 48, 57];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
/** As many mistakes are told as upstream tells. */
const NOTES_MAX = 100;

/** What a JSON text, known to be one, says that its value does not; undefined where that is nothing. */
export function jsonNotes(text: string): BodyNotes | undefined {
  const duplicates = new Set<string>();
  const literals: Record<string, string> = {};
  const stack: Frame[] = [];
  let top: Frame | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfText(text, at);
      if (top?.expectsKey) {
        top.expectsKey = false;
        top.key = keyOf(text.slice(at, end + 1));
        if (!top.keys!.has(top.key)) top.keys!.add(top.key);
        else if (duplicates.size < NOTES_MAX) duplicates.add(pathOf(stack, ''));
      }
      at = end;
    } else if (code === OPEN_OBJECT) {
      top = { keys: new Set(), key: '', index: 0, expectsKey: true };
      stack.push(top);
    } else if (code === OPEN_LIST) {
      top = { keys: undefined, key: '', index: 0, expectsKey: false };
      stack.push(top);
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      stack.pop();
      top = stack.at(-1);
    } else if (code === COMMA && top) {
      if (top.keys) top.expectsKey = true;
      else top.index++;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const [literal] = NUMBER.exec(text.slice(at, at + NUMBER_MAX))!;
      if (ODD.test(literal) && Number.isInteger(Number(literal)))
        literals[pathOf(stack, '')] = literal;
      at += literal.length - 1;
    }
  }
  if (duplicates.size === 0 && Object.keys(literals).length === 0) return undefined;
  return { strictErrors: [...duplicates].map((path) => `duplicate field "${path}"`), literals };
}

const NUMBER = /^[-+.\deE]+/;
const NUMBER_MAX = 400;
const ODD = /[.eE]/;

/** Where the text ends that begins at `start`: its closing quote. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}

function keyOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function pathOf(stack: readonly Frame[], root: string): string {
  let path = root;
  for (const { keys, key, index } of stack) {
    if (!keys) path += `[${index}]`;
    else path = path === '' ? key : `${path}.${key}`;
  }
  return path;
}
