/**
 * The accepting side of SPDY/3.1, as far as kubectl speaks it to forward ports: streams that the client opens, data both ways, pings.
 *
 * Invariant: nothing that comes in is trusted. Frames, headers and the number of streams are bounded, and what breaks the rules ends the
 * session. It knows no transport: bytes go in and out. For `tunnel.ts`. Left out: streams of our own, flow control, settings.
 */
export { SpdySession, type SpdyStream } from './session.ts';
