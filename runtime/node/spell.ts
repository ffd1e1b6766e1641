/** Something that happens again and again: at `firstMs`, then at `secondMs`, then every `everyMs` up to `lastMs`, which is one of these times or Infinity. */
export interface Spell {
  readonly firstMs: number;
  readonly secondMs: number;
  readonly everyMs: number;
  readonly lastMs: number;
}

/** How far a spell was told of: events of one sort about an object are let through only so often, what lies between is counted. */
export interface Telling {
  readonly spell: Spell;
  /** How many times were told, or counted. */
  readonly told: number;
  /** When it is told again. */
  readonly tellMs: number;
}

export function spellFrom(firstMs: number, everyMs: number, endMs: number): Spell {
  const gaps = Math.max(0, Math.ceil((endMs - firstMs) / everyMs) - 1);
  return { firstMs, secondMs: firstMs + everyMs, everyMs, lastMs: firstMs + gaps * everyMs };
}

/** How often it has happened up to `atMs`. */
export function timesUntil({ firstMs, secondMs, everyMs, lastMs }: Spell, atMs: number): number {
  const untilMs = Math.min(atMs, lastMs);
  if (untilMs < firstMs) return 0;
  return untilMs < secondMs ? 1 : 2 + Math.floor((untilMs - secondMs) / everyMs);
}

/** When it next happens, at `atMs` or after it; Infinity if it does not. */
export function nextOf(spell: Spell, atMs: number): number {
  const { firstMs, secondMs, everyMs, lastMs } = spell;
  const nextMs =
    atMs <= firstMs
      ? firstMs
      : secondMs + Math.max(0, Math.ceil((atMs - secondMs) / everyMs)) * everyMs;
  return nextMs <= lastMs ? nextMs : Number.POSITIVE_INFINITY;
}

/** What is left of a spell after `atMs`. */
export function restOf(spell: Spell, atMs: number): Spell | undefined {
  const firstMs = nextOf(spell, atMs + 1);
  if (firstMs === Number.POSITIVE_INFINITY) return undefined;
  const secondMs = firstMs < spell.secondMs ? spell.secondMs : firstMs + spell.everyMs;
  return { ...spell, firstMs, secondMs };
}

/** A spell as it ends at `untilMs` at the latest. */
export function clipped(spell: Spell, untilMs: number): Spell {
  if (spell.lastMs <= untilMs) return spell;
  const { firstMs, secondMs, everyMs } = spell;
  const gaps = Math.floor((untilMs - secondMs) / everyMs);
  return { ...spell, lastMs: gaps < 0 ? firstMs : secondMs + gaps * everyMs };
}

export function shifted({ firstMs, secondMs, everyMs, lastMs }: Spell, ms: number): Spell {
  return { firstMs: firstMs + ms, secondMs: secondMs + ms, everyMs, lastMs: lastMs + ms };
}

/**
 * A spell of which all has been told up to `nowMs`: told again as soon as that is let through, and with its last time, lest a count be lost.
 * Undefined where nothing of it is to come.
 */
export function telling(spell: Spell, nowMs: number, quietUntilMs: number): Telling | undefined {
  const told = timesUntil(spell, nowMs);
  if (timesUntil(spell, spell.lastMs) <= told) return undefined;
  const nextMs = nextOf(spell, Math.max(quietUntilMs, nowMs + 1));
  return { spell, told, tellMs: Math.min(nextMs, spell.lastMs) };
}
