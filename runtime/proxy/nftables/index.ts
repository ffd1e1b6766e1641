/**
 * kube-proxy's nftables mode as 1.36 lays it out: one table an IP family, maps from address and port to verdicts, chains for
 * services, and for endpoints only where clients stick to them.
 *
 * `NftablesRules` keeps the rules of a model: `fullText` is a script that makes the table anew, `update` one that changes what a
 * change of the model changes. Names of chains and sets are upstream's, hashes included.
 *
 * Invariant: a table that was made by any full text and then updated is the table that the full text would make now (but for
 * chains that `cleanup` deletes); a property test holds it on an interpreter of the language.
 *
 * For runtime/proxy and the command that prints rules. Left out: running nft, and watching objects.
 */
export { nftablesEmitter } from './emitter.ts';
export { NftablesRules } from './ruleset.ts';
