import { type Definition, isTerminating } from './definition.ts';

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
/** Of a kind that is on its way out. */
const LAST_VERBS = ['delete', 'deletecollection', 'get', 'list', 'watch'];

/** What discovery says can be done with objects. */
export const discoveredVerbs = (definition: Definition): readonly string[] =>
  isTerminating(definition) ? LAST_VERBS : VERBS;
