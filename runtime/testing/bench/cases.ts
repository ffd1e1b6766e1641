import { manifestCases } from './authoring-cases.ts';
import { clusterCases } from './cluster-cases.ts';
import type { Case } from './figure.ts';
import { proxyCases } from './proxy-cases.ts';
import { schedulerCases } from './scheduler/index.ts';
import { screenCases } from './screen-cases.ts';
import { startCases } from './start-cases.ts';

export const CASES: readonly Case[] = [
  ...clusterCases,
  ...schedulerCases,
  ...proxyCases,
  ...manifestCases,
  ...startCases,
  ...screenCases,
];
