import { type Binding, group } from './binding.ts';
import { isTaken, type OwnBindings } from './keys.ts';
import { plainName } from './model/custom-columns.ts';
import { chosen } from './model/lists.ts';
import type { State } from './model/state.ts';
import { kindById, kindByName, remember, type World } from './model/world.ts';
import { NO_SETTINGS, type Plugin, type Settings, shortcut } from './settings/index.ts';

const NONE: OwnBindings = { over: [], under: [] };

/** The user's keys that mean something on what the keys would act on. */
export function ownAt(state: State, world: World): OwnBindings {
  return world.settings ? ownBindings(world, chosen(state, world)?.resource) : NONE;
}

/** The user's keys that mean something on objects of a resource. */
function ownBindings(world: World, resource: string | undefined): OwnBindings {
  const { hotkeys, plugins } = world.settings ?? NO_SETTINGS;
  if (hotkeys.length + plugins.length === 0) return NONE;
  return remember(world, `own keys ${resource}`, () => {
    const all = [
      ...hotkeys.map(({ key, does, command, overrides }) => ({
        ...{ key, does, overrides },
        message: { type: 'command', text: command } as const,
      })),
      ...plugins
        .filter((plugin) => isFor(plugin, resource, world))
        .map(({ key, does, overrides, name, isDangerous }) => ({
          ...{ key, does, overrides },
          message: { type: 'plugin', name, isDangerous } as const,
        })),
    ];
    const bound = (overrides: boolean): readonly Binding[] =>
      group(
        'Yours',
        all
          .filter((each) => each.overrides === overrides)
          .flatMap(({ key, does, message }) => {
            const found = shortcut(key.length === 1 ? key : key.replace('ctrl', 'Ctrl'));
            return typeof found === 'string' ? [] : [[key, does, found.when, message] as const];
          }),
      );
    return { over: bound(true), under: bound(false) };
  });
}

function isFor({ scopes }: Plugin, resource: string | undefined, world: World): boolean {
  if (resource === undefined) return false;
  if (scopes.includes('all')) return true;
  const kind = kindById(world, resource);
  return kind !== undefined && scopes.some((name) => kindByName(world, plainName(name)) === kind);
}

/** Keys of the user's that mean something else already, and do not say that they take its place. */
export function takenKeys({ hotkeys, plugins }: Settings): readonly string[] {
  return [
    ...hotkeys.map((each) => ({ ...each, file: 'hotkeys.yaml' })),
    ...plugins.map((each) => ({ ...each, file: 'plugins.yaml' })),
  ].flatMap(({ key, does, overrides, file }) =>
    !overrides && isTaken(key)
      ? [`${file}: ${key} means something already; with override: true it is for ${does}`]
      : [],
  );
}
