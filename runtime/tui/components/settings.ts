import { useEffect, useRef, useState } from 'react';
import type { Message } from '../model/message.ts';
import { takenKeys } from '../own-keys.ts';
import {
  type KeptScreen,
  NO_SETTINGS,
  type Settings,
  SKINS,
  type Skin,
} from '../settings/index.ts';

/** Where the user's settings come from. */
export interface SettingsSource {
  readonly settings: Settings;
  /** What is wrong with them, each with its file and line. */
  readonly problems: readonly string[];
  /** Writes down how the screen is, for the next start. Returns the file. */
  keep(screen: KeptScreen): string;
  follow(changed: () => void): Promise<() => Promise<void>>;
}

export interface Own {
  current(): Settings;
  readonly skin: Skin;
  choose(skin: string): void;
  /** Writes the screen down; what there is to say of it. */
  keep(screen: KeptScreen): Message;
}

/** The user's settings as they are now. `changed` is told when they are others, and what is wrong with them is said. */
export function useSettings(
  source: SettingsSource | undefined,
  changed: () => void,
  say: (message: Message) => void,
): Own {
  const [chosen, choose] = useState<string>();
  const latest = useRef({ changed, say });
  latest.current = { changed, say };
  const current = (): Settings => source?.settings ?? NO_SETTINGS;
  useEffect(() => {
    if (!source) return undefined;
    const tell = (isNew: boolean): void => {
      const message = verdict(source, isNew);
      if (message) latest.current.say(message);
    };
    tell(false);
    let isOver = false;
    const following = source.follow(() => {
      if (isOver) return;
      choose(undefined);
      latest.current.changed();
      tell(true);
    });
    return () => {
      isOver = true;
      void following.then((stop) => stop());
    };
  }, [source]);
  const settings = current();
  const name = chosen ?? settings.screen?.skin ?? settings.skin ?? 'default';
  const keep = (screen: KeptScreen): Message => kept(source, chosen, screen);
  return { keep, current, skin: settings.skins[name] ?? SKINS[name] ?? {}, choose };
}

function kept(
  source: SettingsSource | undefined,
  skin: string | undefined,
  screen: KeptScreen,
): Message {
  try {
    const file = source?.keep({ ...screen, ...(skin === undefined ? {} : { skin }) });
    return { type: 'flash', text: `the next start begins like this: ${file}`, tone: 'info' };
  } catch (error) {
    return { type: 'flash', text: `cannot be kept: ${(error as Error).message}`, tone: 'error' };
  }
}

function verdict({ settings, problems }: SettingsSource, isNew: boolean): Message | undefined {
  const { skin } = settings;
  const all = [
    ...problems,
    ...(skin !== undefined && !settings.skins[skin] && !SKINS[skin]
      ? [`config.yaml: no skin is called ${skin}; :skin lists them`]
      : []),
    ...takenKeys(settings),
  ];
  const [first] = all;
  if (first !== undefined) {
    const more = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
    return { type: 'flash', text: first + more, tone: 'error' };
  }
  return isNew ? { type: 'flash', text: 'settings read again', tone: 'info' } : undefined;
}
