/** Why there is nothing to explain. The message is kubectl's, as it prints it after `error: `. */
export class ExplainError extends Error {
  override readonly name = 'ExplainError';
}

export const noSuchField = (field: string): ExplainError =>
  new ExplainError(`field ${JSON.stringify(field)} does not exist`);
