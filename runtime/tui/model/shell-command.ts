/** What only a shell understands. */
const NEEDS_SHELL = /[`$\\|<>(){}*?[\]#~!&;]/;
const QUOTED = /'([^']*)'|"([^"]*)"/g;
/** What changes the shell itself, and is lost with it. */
const CHANGES_SHELL = /^(cd|export|unset|umask|set|\.)(\s|$)|^[A-Za-z_]\w*=\S*$/;
/** What runs elsewhere than in the shell itself, or not in any case: nothing of it is kept. */
const BRANCHES = /[`|(){}<>]|(?<!&)&(?!&)|^\s*(if|for|while|until|case|function)\b/;
const KEPT_MAX = 100;

/**
 * A line as the program and arguments that it means; what only a shell understands is handed to one. Every line has a shell of its own:
 * `kept` is what lines before did to theirs, done again without a word.
 */
export function commandOf(line: string, kept: readonly string[] = []): readonly string[] {
  if (kept.length > 0) return ['sh', '-c', `{ ${kept.join('; ')}; } >/dev/null 2>&1\n${line}`];
  if (NEEDS_SHELL.test(line.replace(QUOTED, '')) || /"[^"]*[$`\\][^"]*"/.test(line))
    return ['sh', '-c', line];
  if (CHANGES_SHELL.test(line)) return ['sh', '-c', line];
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) =>
    word.replace(QUOTED, (_, single = '', double = '') => single + double),
  );
}

/** With what a line that went well did to its shell: directories it went to, variables it set. */
export function keptAfter(line: string, kept: readonly string[]): readonly string[] {
  if (BRANCHES.test(line.replace(QUOTED, (quoted) => 'q'.repeat(quoted.length)))) return kept;
  const parts = splitCommands(line).filter((part) => CHANGES_SHELL.test(part));
  return parts.length === 0 ? kept : [...kept, ...parts].slice(-KEPT_MAX);
}

/** The commands of a line, where `;` and `&&` outside of quotes end them. */
function splitCommands(line: string): readonly string[] {
  const masked = line.replace(QUOTED, (quoted) => 'q'.repeat(quoted.length));
  const parts: string[] = [];
  let from = 0;
  for (const { index, 0: sign } of masked.matchAll(/;|&&/g)) {
    parts.push(line.slice(from, index));
    from = index + sign.length;
  }
  return [...parts, line.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}
