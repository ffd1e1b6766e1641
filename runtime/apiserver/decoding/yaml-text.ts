import { isMap, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { yamlSyntaxError } from './yaml-syntax.ts';

/** A YAML text's value, and a complaint about keys that a map has twice, in the words of Go's parser. */
export interface YamlText {
  readonly value: unknown;
  readonly duplicates: string | undefined;
}

/** By the rules of YAML 1.1, where `y` is a boolean. Throws an error with one line where the text is none. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'yaml-1.1',
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
  });
  const [wrong] = document.errors;
  if (wrong) throw new Error(yamlSyntaxError(wrong, text, lines));
  const repeated: string[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const pair of isMap(map) ? map.items : []) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        const key = String(pair.key.value);
        if (seen.has(key)) {
          const { line } = lines.linePos(pair.key.range?.[0] ?? 0);
          repeated.push(`  line ${line}: key ${JSON.stringify(key)} already set in map`);
        }
        seen.add(key);
      }
    },
  });
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const duplicates =
    repeated.length > 0 ? `yaml: unmarshal errors:\n${repeated.join('\n')}` : undefined;
  return { value, duplicates };
}
