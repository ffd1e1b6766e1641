/** A programmer's error: something that cannot be has happened. The component restarts, the process lives. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

/** States what must hold. Not for input: bad input gets an error of its own with a way out. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}
