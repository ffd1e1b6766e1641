/**
 * The way to an API server over HTTP: ours in another process, or a real one.
 *
 * `Connection` asks and streams; a `Reflector` lists one resource and follows its watch into a cache, for as long as the
 * transport is open; `HttpTransport` makes of both the contract that every component is written against.
 *
 * Invariant: a cache only moves forward. It goes on from the revision that it has; where the server no longer knows that
 * one, it lists anew and tells of the differences alone. Whatever breaks is tried again, each time with more patience.
 *
 * `podAccess` connects with what runs in pods: processes and ports over WebSocket (`pod-streams.ts`), and ports of this machine that
 * lead there (`port-forwarder.ts`).
 *
 * Time is the wall's here: what is at the other end has its own.
 */
export { Connection, type HttpAccess } from './connection.ts';
export { HttpTransport, type HttpTransportOptions } from './http-transport.ts';
export { podAccess } from './pod-access.ts';
