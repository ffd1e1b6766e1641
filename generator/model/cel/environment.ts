import { Environment } from '@marcbachmann/cel-js';
import { addLists } from './lists.ts';
import { addNetworks } from './networks.ts';
import { addQuantities } from './quantities.ts';
import { addTexts } from './texts.ts';

let shared: Environment | undefined;

/** An environment of one's own with the functions of Kubernetes. */
export function celEnvironment(): Environment {
  shared ??= withLibrary();
  return shared.clone();
}

/** What has functions in expressions and no value of its own, as `sets` in `sets.contains(a, b)`. */
class Library {}

function withLibrary(): Environment {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  environment.registerType('Library', Library);
  for (const name of ['jsonpatch', 'sets'])
    environment.registerConstant(name, 'Library', new Library());
  addLists(environment);
  addTexts(environment);
  addNetworks(environment);
  addQuantities(environment);
  return environment;
}
