/**
 * What a user says of the screen: skins, keys, other names for commands, programs of theirs, columns. In the formats of k9s, as
 * far as the screens are alike.
 *
 * `settings.ts` is the data, `parse.ts` makes it of one file (`reader.ts` knows where each value stands), `folder.ts` reads and
 * follows the folder. `skins.ts` has those that come with the screen.
 *
 * Invariant: a file with a mistake changes nothing; the others count all the same.
 *
 * Left out: settings of the cluster, which are manifests.
 */
export { SettingsFolder, settingsFolder } from './folder.ts';
export { parseFile } from './parse.ts';
export {
  type CustomColumn,
  type CustomView,
  type Hotkey,
  type KeptScreen,
  NO_SETTINGS,
  type Plugin,
  type Settings,
  SettingsError,
  type Skin,
} from './settings.ts';
export { shortcut } from './shortcut.ts';
export { SKINS } from './skins.ts';
