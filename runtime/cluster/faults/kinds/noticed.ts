/**
 * How long it may take until everything has been done about a node that fell silent, or came back: silence is noticed after the grace
 * period (50 s), zones taint one node in ten seconds, pods tolerate the taint for 300 s, then they are to stop.
 */
export const NOTICED_MS = 10 * 60_000;
