import type { Tone } from '../model/text.ts';
import type { Style } from '../theme.ts';

/** What a skin says of roles; the others look as they do without it. */
export type Skin = Readonly<Partial<Record<Tone, Style>>>;

/** A key that runs a command. */
export interface Hotkey {
  /** As it is shown: `b`, `B`, `ctrl-y`. */
  readonly key: string;
  readonly does: string;
  /** As after `:`. */
  readonly command: string;
  /** It may take a key that means something else. */
  readonly overrides: boolean;
}

/** A key that runs a program of the user's machine on what is chosen. */
export interface Plugin {
  readonly name: string;
  readonly key: string;
  readonly does: string;
  readonly overrides: boolean;
  /** Names of the kinds that it is for, as after `:`; `all` is every one. */
  readonly scopes: readonly string[];
  readonly command: string;
  /** With `$NAME` and the like in them. */
  readonly args: readonly string[];
  /** Runs without the terminal. */
  readonly isBackground: boolean;
  /** Is asked about first. */
  readonly isConfirmed: boolean;
  /** May change the cluster: not there for who may only look. */
  readonly isDangerous: boolean;
}

/** A column of a list: one that the kind has, by its name, or a path into the object. */
export interface CustomColumn {
  readonly name: string;
  readonly path?: string;
  readonly isWide: boolean;
  readonly isRight: boolean;
  /** The value is a time, shown as an age. */
  readonly isAge: boolean;
}

/** How the list of one kind looks. */
export interface CustomView {
  readonly columns: readonly CustomColumn[];
  readonly sort?: { readonly column: string; readonly descending: boolean };
}

/** How the screen was when the user wanted it kept. */
export interface KeptScreen {
  readonly namespace: string;
  readonly isHeadless: boolean;
  readonly isCrumbless: boolean;
  readonly history: readonly string[];
  /** Leads to the list that was shown. */
  readonly command?: string;
  /** The skin that was chosen by command. */
  readonly skin?: string;
}

/** What a user has said of the screen. */
export interface Settings {
  /** Name of a skin. */
  readonly skin?: string;
  readonly screen?: KeptScreen;
  /** Namespaces of the keys 1 to 9. */
  readonly favorites: readonly string[];
  readonly skins: Readonly<Record<string, Skin>>;
  readonly hotkeys: readonly Hotkey[];
  /** Commands by other names. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly plugins: readonly Plugin[];
  /** By the name of a kind, as after `:`, or `group/version/plural`. */
  readonly views: Readonly<Record<string, CustomView>>;
}

export const NO_SETTINGS: Settings = {
  favorites: [],
  skins: {},
  hotkeys: [],
  aliases: {},
  plugins: [],
  views: {},
};

/** What is wrong with a file of settings, and where. */
export class SettingsError extends Error {
  constructor(file: string, line: number, why: string) {
    super(`${file}:${line}: ${why}; what it said before holds`);
  }
}
