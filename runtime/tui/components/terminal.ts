const ALTERNATE_SCREEN = '\u{1b}[?1049h';
const NORMAL_SCREEN = '\u{1b}[?1049l';
const HOME_AND_CLEAR = '\u{1b}[H\u{1b}[2J';
const NO_WRAP = '\u{1b}[?7l';
const WRAP = '\u{1b}[?7h';
const PASTE_IS_TEXT = '\u{1b}[?2004h';
const PASTE_IS_KEYS = '\u{1b}[?2004l';
/** Terminals take about this much at once. */
const CLIPBOARD_MAX = 100_000;
const HIDE_CURSOR = '\u{1b}[?25l';
const SHOW_CURSOR = '\u{1b}[?25h';

/** What a terminal needs of the process's streams. */
export interface TerminalStreams {
  readonly stdin: { setRawMode?(isRaw: boolean): unknown };
  readonly stdout: { write(text: string): unknown };
}

/**
 * A terminal whose other screen is borrowed and given back. Ink would switch by itself, but begins to draw wherever the
 * cursor happens to stand, and what is typed before it listens would be echoed into the frame. Lines do not wrap
 * meanwhile: one that the terminal measures wider than we do must not push the frame down.
 */
export class Terminal {
  readonly #streams: TerminalStreams;
  #isBorrowed = false;

  constructor(streams: TerminalStreams) {
    this.#streams = streams;
  }

  /** Whether the other screen is shown. */
  get isBorrowed(): boolean {
    return this.#isBorrowed;
  }

  enter(): void {
    this.#isBorrowed = true;
    this.#streams.stdin.setRawMode?.(true);
    this.#write(ALTERNATE_SCREEN + HOME_AND_CLEAR + NO_WRAP);
  }

  /** Empties the screen; whoever draws next begins at its top. */
  clear(): void {
    if (this.#isBorrowed) this.#write(HOME_AND_CLEAR);
  }

  /** Hands a text to the user's clipboard, where the terminal allows that (OSC 52). */
  copy(text: string): void {
    if (!this.#isBorrowed) return;
    const encoded = Buffer.from(text, 'utf8').toString('base64');
    if (encoded.length <= CLIPBOARD_MAX) this.#write(`\u{1b}]52;c;${encoded}\u{7}`);
  }

  /** Gives the screen back as it was. Again does nothing, nor where the terminal has gone. */
  leave(): void {
    if (!this.#isBorrowed) return;
    this.#isBorrowed = false;
    try {
      this.#streams.stdin.setRawMode?.(false);
    } catch {
      return;
    }
    this.#write(WRAP + NORMAL_SCREEN + SHOW_CURSOR);
  }

  /** Gives the screen back for a while, with what Ink has set and does not know that it has to take back. */
  lend(): void {
    if (!this.#isBorrowed) return;
    this.leave();
    this.#write(PASTE_IS_KEYS);
  }

  /** Ends what `lend` began; also right when somebody else has changed the terminal meanwhile. */
  takeBack(): void {
    this.enter();
    this.#write(PASTE_IS_TEXT + HIDE_CURSOR);
  }

  #write(text: string): void {
    this.#streams.stdout.write(text);
  }
}
