/** Reads and sets the variables of a shell. */
export interface Numbers {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

const TOKEN =
  /\s*(\d+|0[xX][0-9a-fA-F]+|[A-Za-z_]\w*|\+\+|--|\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%]=|[-+*/%<>!=&|^~?:()])/y;

/** By rising strength. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];

/** The value of an expression of whole numbers. Throws an Error in the shell's words. */
export function evaluate(text: string, numbers: Numbers): number {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new Error('arithmetic syntax error');
    tokens.push(token);
  }
  const reader = new Reader(tokens, numbers);
  const value = tokens.length === 0 ? 0 : reader.assignment();
  if (!reader.isDone) throw new Error('arithmetic syntax error');
  return value;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #numbers: Numbers;
  #at = 0;

  constructor(tokens: readonly string[], numbers: Numbers) {
    this.#tokens = tokens;
    this.#numbers = numbers;
  }

  get isDone(): boolean {
    return this.#at >= this.#tokens.length;
  }

  assignment(): number {
    const [name = '', operator = ''] = this.#tokens.slice(this.#at, this.#at + 2);
    if (/^[A-Za-z_]/.test(name) && /^[-+*/%]?=$/.test(operator)) {
      this.#at += 2;
      const right = this.assignment();
      const value =
        operator === '=' ? right : apply(operator.slice(0, -1), this.#valueOf(name), right);
      this.#numbers.set(name, String(value));
      return value;
    }
    return this.#choice();
  }

  #choice(): number {
    const condition = this.#level(0);
    if (!this.#take('?')) return condition;
    const yes = this.assignment();
    if (!this.#take(':')) throw new Error('arithmetic syntax error');
    const no = this.assignment();
    return condition !== 0 ? yes : no;
  }

  #level(at: number): number {
    const operators = LEVELS[at];
    if (!operators) return this.#unary();
    let left = this.#level(at + 1);
    for (;;) {
      const operator = this.#tokens[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      left = apply(operator, left, this.#level(at + 1));
    }
  }

  #unary(): number {
    if (this.#take('-')) return -this.#unary();
    if (this.#take('+')) return this.#unary();
    if (this.#take('!')) return this.#unary() === 0 ? 1 : 0;
    if (this.#take('~')) return ~this.#unary();
    if (this.#take('++')) return this.#step(1);
    if (this.#take('--')) return this.#step(-1);
    if (this.#take('(')) {
      const value = this.assignment();
      if (!this.#take(')')) throw new Error('arithmetic syntax error');
      return value;
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined || !/^\w/.test(token)) throw new Error('arithmetic syntax error');
    if (/^\d/.test(token)) return Number(/^0\d/.test(token) ? `0o${token.slice(1)}` : token);
    const value = this.#valueOf(token);
    if (this.#take('++')) this.#numbers.set(token, String(value + 1));
    else if (this.#take('--')) this.#numbers.set(token, String(value - 1));
    return value;
  }

  #step(by: number): number {
    const name = this.#tokens[this.#at++] ?? '';
    const value = this.#valueOf(name) + by;
    this.#numbers.set(name, String(value));
    return value;
  }

  #valueOf(name: string): number {
    const text = this.#numbers.get(name)?.trim() ?? '';
    if (text === '') return 0;
    const value = Number(text);
    if (!Number.isInteger(value)) throw new Error(`arithmetic syntax error`);
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '||':
      return a !== 0 || b !== 0 ? 1 : 0;
    case '&&':
      return a !== 0 && b !== 0 ? 1 : 0;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '**':
      return a ** b;
    default:
      if (b === 0) throw new Error('divide by zero');
      return operator === '/' ? Math.trunc(a / b) : a % b;
  }
}
