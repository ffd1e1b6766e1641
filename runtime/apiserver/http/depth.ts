import { badRequest } from '../../meta/index.ts';

/** How deeply values may be nested before they are no request but an attack. */
const DEPTH_MAX = 1000;

/** By brackets outside of texts; for YAML that is no more than a guess, and deep blocks are found by their indentation. */
export function checkDepth(text: string): void {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92 && isText) at++;
    else if (code === 34) isText = !isText;
    else if (isText) continue;
    else if (code === 91 || code === 123) {
      if (++depth > DEPTH_MAX) throw badRequest('json: exceeded max depth');
    } else if (code === 93 || code === 125) depth--;
  }
}
