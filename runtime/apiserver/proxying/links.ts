/** Elements that have links. */
const ELEMENTS =
  /<(?:a|area|base|blockquote|body|button|del|embed|form|frame|iframe|img|input|ins|link|object|q|script)\s[^<>]*>/gi;
/** Attributes that name a place below the root of a server. */
const LINKS =
  /(\s(?:href|src|action|cite|background|formaction|data|longdesc)\s*=\s*)(["'])(\/(?!\/)[^"']*)\2/gi;

/** A page whose links from the root of its server lead through the proxy at `prefix`, but for those that do already. */
export function withLinksBelow(html: string, prefix: string): string {
  const moved = (_: string, name: string, quote: string, path: string): string =>
    `${name}${quote}${path.startsWith(prefix) ? '' : prefix}${path}${quote}`;
  return html.replace(ELEMENTS, (element) => element.replace(LINKS, moved));
}
