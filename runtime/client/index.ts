/**
 * How a program talks to the API server, and what a program of the control plane is.
 *
 * `Transport` is the contract to reach a server: a function call in the same process (runtime/cluster makes that one) or
 * HTTP. `Client` is the API over a transport; `Lister` and `Subscription` are an informer's two halves. `Controller` is
 * the contract of everything under controllers/; `controllerComponent` gives it the loop: queue, watches, back-off,
 * journal. `Component` is the wider contract of actors with a loop of their own (scheduler, nodes). `Control` is what a
 * screen may do beyond the API.
 *
 * Invariant: whoever holds only this folder's types cannot tell whether the server is local or remote, nor whether time
 * is virtual.
 *
 * Left out: the server (apiserver), the wiring (cluster).
 */
export { type ClientIdentity, createClient, VOUCHED } from './api-client.ts';
export type { Client, Init, Target } from './client.ts';
export type { Component, ComponentContext, ComponentFactory, Pacemaker } from './component.ts';
export type {
  ApiAccess,
  ClockMode,
  ClockState,
  ComponentState,
  Control,
  ManifestError,
  ManifestState,
  ManifestView,
  NodeRules,
  Progress,
  Pulse,
  SchedulingExplanation,
  SourcePosition,
  WatchState,
} from './control.ts';
export {
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  type ReconcileResult,
  type Watch,
  watch,
} from './controller.ts';
export { controllerComponent } from './controller-component.ts';
export { EventCorrelator } from './event-correlator.ts';
export { BufferedRecorder, type EventRecorder, type EventSource } from './event-recorder.ts';
export { type FaultState, faultBehind, strikeCause } from './fault.ts';
export {
  Connection,
  type HttpAccess,
  HttpTransport,
  type HttpTransportOptions,
} from './http/index.ts';
export type {
  IndexFunction,
  Lister,
  SubscribeOptions,
  Subscription,
  Transport,
} from './transport.ts';
export { WorkQueue } from './work-queue.ts';
