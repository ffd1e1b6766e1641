import { Document, visit } from 'yaml';

/** Texts that YAML 1.1 takes for texts, but Go's reader does not. */
const MISREAD = /^([-+]?0o[0-7_]+|<<|=)$/;

const MERGE = 'tag:yaml.org,2002:merge';

/**
 * Objects as YAML documents, as kubectl reads them: it follows YAML 1.1 in part, where `y`, `on`, `012` and `12:30` are no
 * texts, and 1.2 in part, where `0o17` is none. What either could misread is quoted. Nothing is folded or shared.
 */
export function yamlDocuments(objects: readonly object[]): string {
  return objects.map(yamlDocument).join('---\n');
}

function yamlDocument(object: object): string {
  const document = new Document(object, {
    version: '1.1',
    aliasDuplicateObjects: false,
    merge: false,
    // Without this tag `<<` is a text like any other, to be quoted below.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== MERGE),
  });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && MISREAD.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}
