import type { Hint } from '../binding.ts';
import { bindingsFor } from '../keys.ts';
import { traitsAt } from '../model/actions.ts';
import { suggestions } from '../model/command.ts';
import { coveredByErrors } from '../model/read.ts';
import { mayChange, type Prompt, type State } from '../model/state.ts';
import { keepEnd, type Line, type Span, span, widthOf } from '../model/text.ts';
import { focusOf } from '../model/update.ts';
import { kubectlHint, type World } from '../model/world.ts';
import { ownAt } from '../own-keys.ts';
import { joinParts, type Part, part } from './parts.ts';

const SUGGESTIONS_MAX = 8;

/** The line at the bottom: what is being typed, else what was just said, else the most useful keys. */
export function footerLine(state: State, world: World): Line {
  if (state.prompt) return promptLine(state.prompt, state, world);
  if (state.flash && !state.dialog) return [span(` ${state.flash.text}`, state.flash.tone)];
  if (coveredByErrors(state, world)) return hints([], OVER_ERRORS, state);
  const isPaused = world.control.clock().mode === 'paused';
  return hints(
    greeting(state, world),
    bindingsFor(
      focusOf(state),
      traitsAt(state, world),
      mayChange(state),
      ownAt(state, world),
    ).flatMap(({ keys, hint, message }) => {
      if (!hint) return [];
      const matters = isPaused && message.type === 'step';
      return [{ keys, ...hint, ...(matters ? { expendable: 0 } : {}) }];
    }),
    state,
  );
}

const OVER_ERRORS: readonly (Hint & { readonly keys: string })[] = [
  { keys: 'esc', word: 'wave away', expendable: 0 },
  { keys: 'j k', word: 'scroll', expendable: 1 },
  { keys: 'E', word: 'see again', expendable: 2 },
  { keys: ':', word: 'command', expendable: 3 },
];

/** How to reach the cluster with kubectl, until somebody uses the keys; the help keeps saying it. */
function greeting({ isInUse }: State, world: World): Part[] {
  const access = world.access();
  return isInUse || !access ? [] : [part(0, span(` ${kubectlHint(access)} `, 'info'))];
}

function hints(
  before: readonly Part[],
  wanted: readonly (Hint & { readonly keys: string })[],
  { columns }: State,
): Line {
  const parts = wanted.map(({ keys, word, expendable }) =>
    part(expendable, span(` <${keys}>`, 'key'), span(` ${word}`, 'dim')),
  );
  return joinParts([...before, ...parts], columns);
}

function promptLine(prompt: Prompt, { columns }: State, world: World): Line {
  const sign = prompt.kind === 'command' ? ':' : '/';
  // Of what is too long the end is seen: it is what is typed at.
  const text = keepEnd(prompt.text, columns - 4);
  const typed: Span[] = [span(` ${sign}${text}`, 'title')];
  const cursor = span(' ', 'selected');
  if (prompt.asks) {
    const label = ` ${prompt.asks.label}: `;
    const value = keepEnd(prompt.text, Math.max(8, columns - widthOf(label) - 2));
    return [span(label), span(value, 'title'), cursor];
  }
  if (prompt.kind === 'filter')
    return joinParts(
      [part(0, ...typed, cursor), part(1, span('   !inverse  -l label=value  -f fuzzy', 'dim'))],
      columns,
    );
  const offered = suggestions(prompt.text, world);
  const taken = offered[prompt.suggestion];
  const rest = taken?.slice(prompt.text.length) ?? '';
  const ghost =
    rest === '' ? [cursor] : [span(rest.slice(0, 1), 'selected'), span(rest.slice(1), 'dim')];
  const first = Math.max(0, prompt.suggestion - SUGGESTIONS_MAX + 1);
  const others = offered
    .slice(first, first + SUGGESTIONS_MAX)
    .map((text, at) =>
      part(at + 1, span('  '), span(text, first + at === prompt.suggestion ? 'selected' : 'dim')),
    );
  return joinParts([part(0, ...typed, ...ghost), ...others], columns);
}
