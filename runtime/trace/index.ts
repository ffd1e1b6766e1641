/**
 * The decision journal: what every component did, when, because of what, and what it wrote.
 *
 * Invariant: every committed write has a record, and every record but inputs has a cause. The journal's hash covers all
 * records since the start, also those that the bounded ring has dropped; same seed and same inputs give the same hash.
 *
 * The API server records writes, the controller loop records reconciles, the composition root records inputs. Anyone may
 * read. Left out: the objects themselves (the store holds them) and how a record is shown (tui, cli).
 */
export { Journal } from './journal.ts';
export type {
  InputRecord,
  JournalRecord,
  ReconcileRecord,
  StrikeRecord,
  WriteRecord,
} from './records.ts';
