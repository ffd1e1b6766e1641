import type { GivenAnswer, PortAnswer, SentRequest } from './nodes.ts';

const NOT_FOUND: PortAnswer = {
  path: /^/,
  status: 404,
  contentType: 'text/plain; charset=utf-8',
  body: '404 page not found\n',
};

/** What a port that says `answers` answers to a request for a path, with the query beside it. */
export function answerTo(
  answers: readonly PortAnswer[],
  path: string,
  query = '',
  sent?: SentRequest,
): GivenAnswer {
  const found = answers.find((each) => each.path.test(path)) ?? NOT_FOUND;
  return found.answer?.(query === '' ? path : `${path}?${query}`, sent) ?? found;
}
