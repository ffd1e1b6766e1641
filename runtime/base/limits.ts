/** Every bound of a queue, cache, buffer or retry, in one place. Units last. */
export const limits = {
  /** Watch events kept per cluster before a watch from an older revision is answered 410 Gone. */
  watchHistoryEvents: 20_000,
  /** Journal records kept; older ones leave the ring but stay in the hash. */
  journalRecords: 100_000,
  /** Moments to which a cluster can be rewound directly. */
  checkpoints: 64,
  /** Attempts of a read-modify-write on conflict before the error is passed on. */
  conflictRetries: 5,
  /** First and longest delay of a failing work item. */
  retryBaseMs: 5,
  retryMaxMs: 1_000_000,
  /** How long a controller waits to see what it has written before it looks at the same work item again, and between two looks. */
  ownWriteUnseenMs: 300_000,
  ownWriteLookMs: 1_000,
  /** Pods that a ReplicaSet makes or removes in one reconcile. */
  replicaSetBurst: 500,
  /** Pods that a Job makes or removes in one reconcile, and those that its status notes at a time. */
  jobBurst: 500,
  jobUncountedPods: 500,
  /** Jobs whose failures are remembered for their back-off. */
  jobBackoffs: 20_000,
  /** Pods that a DaemonSet makes or removes in one reconcile. */
  daemonSetBurst: 250,
  /** First and longest delay before the failed pod of a DaemonSet on one node is removed again. */
  failedDaemonPodBaseMs: 1000,
  failedDaemonPodMaxMs: 15 * 60_000,
  /** Units of work at one moment of virtual time before the loop is declared to run away. */
  stepsPerInstantMax: 50_000_000,
  /** Bytes of one API request. */
  requestBytesMax: 3 * 1024 * 1024,
  /** Specs of bodies that are recognized when the same comes again, and how long in characters each may be. */
  sharedSpecs: 256,
  sharedSpecLengthMax: 16 * 1024,
  /** Bytes of all manifest sources of one folder. */
  manifestBytesMax: 16 * 1024 * 1024,
  /** Bytes of manifest sources up to which the compiler checks types; schemas hold all of them in any case. */
  typeCheckBytesMax: 4 * 1024 * 1024,
  /** Real time that evaluating a save may take. */
  evaluationMs: 5_000,
  /** Memory of the thread that evaluates manifests. */
  evaluationHeapMiB: 1024,
  /**
   * Units of work and writes of a rehearsal, some 40 µs each: two seconds, or the pods of a folder with about 3,500. What is larger
   * is for `slipway run`.
   */
  rehearsalWork: 50_000,
  /** Different sets of pod requirements that the scheduler keeps compiled. */
  schedulerRequirements: 4096,
  /** Of those, how many have what each node says to them at hand. */
  schedulerNodeCaches: 128,
  /** Groups of pods that the scheduler counts node by node for spreading, and as many for affinity. */
  schedulerPodCounters: 512,
  /** Nodes whose proxy rules are kept up to date after somebody looked at them. */
  proxyViews: 16,
  /** Objects in one answer of a list over HTTP, and how long one watch goes on until it is begun anew. */
  httpListPage: 500,
  httpWatchSeconds: 300,
  /** First and longest delay before a list or watch over HTTP that broke is tried again. */
  httpRetryBaseMs: 200,
  httpRetryMaxMs: 30_000,
} as const;
