/** The store in memory: persistent maps, nothing durable, forks at no cost. */
export { MemoryStore } from './memory-store.ts';
