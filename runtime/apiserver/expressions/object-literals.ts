/** A quoted text, a comment, or the type in front of a literal of it. */
const TOKEN =
  /r?"""[\s\S]*?"""|r?'''[\s\S]*?'''|r"[^"]*"|r'[^']*'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/.*|\b(?:Object(?:\.\w+)*|JSONPatch)\s*\{|[{}[\]()]|[A-Za-z_]\w*(?=\s*:)/g;

/**
 * Literals of types, `Object.spec{replicas: 1}` and `JSONPatch{op: "add"}`, as literals of maps. The types of changes are shapes
 * of the object at hand, so that nothing but their field names is lost.
 */
export function withoutTypes(expression: string): string {
  const open: string[] = [];
  return expression.replace(TOKEN, (token, offset: number) => {
    if (/^(Object|JSONPatch)\b.*\{$/s.test(token)) {
      open.push('type');
      return '{';
    }
    if ('{[('.includes(token)) open.push(token);
    else if (token.length === 1 && '}])'.includes(token)) open.pop();
    else if (open.at(-1) === 'type' && isField(expression, token, offset))
      return JSON.stringify(token);
    return token;
  });
}

/** Whether a name before a colon begins an entry; the second part of a conditional is none. */
function isField(expression: string, token: string, offset: number): boolean {
  if (!/^[A-Za-z_]\w*$/.test(token)) return false;
  return '{,'.includes(expression.slice(0, offset).trimEnd().at(-1) ?? '');
}
