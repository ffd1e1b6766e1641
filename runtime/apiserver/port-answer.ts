import type { PortAnswer } from './nodes.ts';

const NOT_FOUND: PortAnswer = {
  path: /^/,
  status: 404,
  contentType: 'text/plain; charset=utf-8',
  body: '404 page not found\n',
};

/** What a port that says `answers` answers to a request for a path, without its query. */
export function answerTo(answers: readonly PortAnswer[], path: string): PortAnswer {
  return answers.find((each) => each.path.test(path)) ?? NOT_FOUND;
}
