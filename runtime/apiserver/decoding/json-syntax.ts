/**
 * What is wrong with a text that is no JSON, in the words of Go's `encoding/json`, at the first byte that cannot be there. Only for
 * texts that were refused already: it reads again what the engine's own parser has read, which says it in other words.
 */
export function jsonSyntaxError(text: string): string {
  try {
    const scan = new Scan(text);
    scan.value(VALUE);
    scan.space();
    if (scan.at < text.length) scan.refuse('after top-level value');
  } catch (error) {
    if (error instanceof SyntaxMistake) return error.message;
    throw error;
  }
  return 'not a JSON value';
}

class SyntaxMistake extends Error {}

const VALUE = 'looking for beginning of value';
const LITERALS = ['true', 'false', 'null'];
const ESCAPES = '"\\/bfnrt';
const HEX_DIGITS = 4;

class Scan {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The character here cannot be here; where there is none, the text ends too early. */
  refuse(where: string): never {
    const code = this.#text.codePointAt(this.at);
    if (code === undefined) throw new SyntaxMistake('unexpected end of JSON input');
    throw new SyntaxMistake(`invalid character ${quoted(code)} ${where}`);
  }

  space(): void {
    while (' \t\r\n'.includes(this.#here || '-')) this.at++;
  }

  value(where: string): void {
    this.space();
    const here = this.#here;
    if (here === '{') this.#object();
    else if (here === '[') this.#list();
    else if (here === '"') this.#string();
    else if (here === '-' || isDigit(here)) this.#number();
    else this.#literal(where);
  }

  get #here(): string {
    return this.#text[this.at] ?? '';
  }

  #object(): void {
    this.at++;
    this.space();
    if (this.#took('}')) return;
    for (;;) {
      this.space();
      if (this.#here !== '"') this.refuse('looking for beginning of object key string');
      this.#string();
      this.space();
      if (!this.#took(':')) this.refuse('after object key');
      this.value(VALUE);
      this.space();
      if (this.#took('}')) return;
      if (!this.#took(',')) this.refuse('after object key:value pair');
    }
  }

  #list(): void {
    this.at++;
    this.space();
    if (this.#took(']')) return;
    for (;;) {
      this.value(VALUE);
      this.space();
      if (this.#took(']')) return;
      if (!this.#took(',')) this.refuse('after array element');
    }
  }

  #string(): void {
    this.at++;
    for (; !this.#took('"'); this.at++) {
      if (this.#here < ' ') this.refuse('in string literal');
      if (this.#here === '\\') this.#escape();
    }
  }

  /** Stands at the last character of the escape when it is through. */
  #escape(): void {
    this.at++;
    if (this.#here === 'u') {
      for (let digit = 0; digit < HEX_DIGITS; digit++) {
        this.at++;
        if (!/[\da-fA-F]/.test(this.#here)) this.refuse('in \\u hexadecimal character escape');
      }
    } else if (!ESCAPES.includes(this.#here || ' ')) this.refuse('in string escape code');
  }

  #number(): void {
    this.#took('-');
    if (!this.#took('0')) this.#digits('in numeric literal');
    if (this.#took('.')) this.#digits('after decimal point in numeric literal');
    if (this.#took('e') || this.#took('E')) {
      if (!this.#took('+')) this.#took('-');
      this.#digits('in exponent of numeric literal');
    }
  }

  #digits(where: string): void {
    if (!isDigit(this.#here)) this.refuse(where);
    while (isDigit(this.#here)) this.at++;
  }

  #literal(where: string): void {
    const word = LITERALS.find(([first]) => first === this.#here);
    if (!word) this.refuse(where);
    for (const letter of word) {
      if (!this.#took(letter)) this.refuse(`in literal ${word} (expecting '${letter}')`);
    }
  }

  #took(character: string): boolean {
    if (this.#here !== character) return false;
    this.at++;
    return true;
  }
}

const isDigit = (character: string): boolean => character >= '0' && character <= '9';

const NAMED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  39: "\\'",
  92: '\\\\',
};

const ASCII = 0x7f;

/** A character as Go quotes it. Of one that is several bytes, Go has met the first. */
function quoted(code: number): string {
  if (code > ASCII) {
    const [first = 0] = Buffer.from(String.fromCodePoint(code));
    return `'${String.fromCharCode(first)}'`;
  }
  const isControl = code < 0x20 || code === ASCII;
  const plain = isControl ? `\\x${code.toString(16).padStart(2, '0')}` : String.fromCharCode(code);
  return `'${NAMED[code] ?? plain}'`;
}
