import { expect, it } from 'vitest';
import { withLinksBelow } from './links.ts';

const PREFIX = '/api/v1/namespaces/a/pods/p/proxy';

it('lets links from the root lead through the proxy, and leaves all others', () => {
  const page = `<A class=x href="/one">/one</A> <img src='/two?q=1'><a href="three">
    <a href="//elsewhere/four"><a href="https://e/five"><p title="/six"><a href="${PREFIX}/seven">`;
  expect(withLinksBelow(page, PREFIX)).toBe(
    page.replace('"/one"', `"${PREFIX}/one"`).replace("'/two", `'${PREFIX}/two`),
  );
});

it('moves every link of an element', () => {
  expect(withLinksBelow('<body background="/b" cite="/c">', '/p')).toBe(
    '<body background="/p/b" cite="/p/c">',
  );
});
