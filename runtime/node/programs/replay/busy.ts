/** A program that does more than is followed. */
export class Busy extends Error {
  override readonly name = 'Busy';
}
