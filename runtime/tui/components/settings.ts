import { useEffect, useRef, useState } from 'react';
import type { Message } from '../model/message.ts';
import { takenKeys } from '../own-keys.ts';
import { NO_SETTINGS, type Settings, SKINS, type Skin } from '../settings/index.ts';

/** Where the user's settings come from. */
export interface SettingsSource {
  readonly settings: Settings;
  /** What is wrong with them, each with its file and line. */
  readonly problems: readonly string[];
  follow(changed: () => void): Promise<() => Promise<void>>;
}

/** The user's settings as they are now. `changed` is told when they are others, and what is wrong with them is said. */
export function useSettings(
  source: SettingsSource | undefined,
  changed: () => void,
  say: (message: Message) => void,
): { readonly current: () => Settings; readonly skin: Skin; choose(skin: string): void } {
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
  const name = chosen ?? settings.skin ?? 'default';
  return { current, skin: settings.skins[name] ?? SKINS[name] ?? {}, choose };
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
