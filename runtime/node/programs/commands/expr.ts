import type { Program } from '../process.ts';

/** Operators from the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];

const isNumber = (text: string): boolean => /^-?\d+$/.test(text);
const isNothing = (text: string): boolean => text === '' || /^-?0+$/.test(text);

/** `expr`: a calculation or comparison whose every part is a word; 1 where the result is empty or zero, 2 where it is none. */
export const expr: Program = (task) => {
  try {
    const calculation = new Calculation(task.argv.slice(1));
    const result = calculation.level(0);
    if (!calculation.isDone) throw new Error('syntax error');
    task.out(`${result}\n`);
    return isNothing(result) ? 1 : 0;
  } catch (error) {
    task.err(`expr: ${(error as Error).message}\n`);
    return 2;
  }
};

class Calculation {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get isDone(): boolean {
    return this.#at >= this.#words.length;
  }

  level(at: number): string {
    const operators = LEVELS[at];
    if (!operators) return this.#operand();
    let left = this.level(at + 1);
    for (;;) {
      const operator = this.#words[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      left = applied(operator, left, this.level(at + 1));
    }
  }

  #operand(): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Error('syntax error');
    if (word === 'length' && !this.isDone) return String(this.#words[this.#at++]!.length);
    if (word !== '(') return word;
    const inside = this.level(0);
    if (this.#words[this.#at++] !== ')') throw new Error('syntax error');
    return inside;
  }
}

function applied(operator: string, left: string, right: string): string {
  switch (operator) {
    case '|':
      return isNothing(left) ? right : left;
    case '&':
      return isNothing(left) || isNothing(right) ? '0' : left;
    case ':':
      return matched(left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return calculated(operator, left, right);
    default:
      return compared(operator, left, right) ? '1' : '0';
  }
}

function calculated(operator: string, left: string, right: string): string {
  if (!isNumber(left) || !isNumber(right)) throw new Error('non-numeric argument');
  const [a, b] = [BigInt(left), BigInt(right)];
  if (operator === '+') return String(a + b);
  if (operator === '-') return String(a - b);
  if (operator === '*') return String(a * b);
  if (b === 0n) throw new Error('division by zero');
  return String(operator === '/' ? a / b : a % b);
}

function compared(operator: string, left: string, right: string): boolean {
  const [a, b] = isNumber(left) && isNumber(right) ? [BigInt(left), BigInt(right)] : [left, right];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return (a === b) === (operator !== '!=');
  }
}

/** A basic regular expression from the beginning: what its first group holds, or how long the match is. */
function matched(text: string, pattern: string): string {
  const basic = pattern.replace(/\\([(){}+?|])|([(){}+?|])/g, (_, meant, plain) =>
    meant === undefined ? `\\${plain}` : meant,
  );
  const found = new RegExp(`^(?:${basic})`, 's').exec(text);
  if (/\\\(/.test(pattern)) return found?.[1] ?? '';
  return String(found?.[0].length ?? 0);
}
