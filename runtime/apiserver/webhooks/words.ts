/** Beyond this a client of the API quotes no body. */
const QUOTED_MAX = 2048;

const WORDS: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  406: 'the server was unable to respond with a content type that the client supports',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** What a client of the API says of an answer that is none. */
export function statusWords(status: number, contentType: string, body: string): string {
  const known = WORDS[status];
  if (known !== undefined) return known;
  const isText = contentType.startsWith('text/');
  const said = isText && body !== '' ? body.trim().slice(0, QUOTED_MAX) : 'unknown';
  if (status === 403 || status === 415) return said;
  if (status >= 500)
    return `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}
