import type { Program } from '../process.ts';

const FAILED = 2;

/** `ip link add` and `del`, for whoever may; shows nothing. */
export const ip: Program = ({ argv, err, machine: { facts } }) => {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  const changes = /^(add|a|del|delete|set|change|replace)$/.test(words[1] ?? '');
  const may = facts.uid === 0 && facts.privileges.capabilities.has('NET_ADMIN');
  if (!changes || may) return 0;
  err('ip: RTNETLINK answers: Operation not permitted\n');
  return FAILED;
};
