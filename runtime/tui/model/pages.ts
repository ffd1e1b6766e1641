import type { Glyphs } from '../theme.ts';
import { convergenceListing } from './convergence.ts';
import type { Listing } from './listing.ts';
import { canListing } from './pages/can.ts';
import { causesListing } from './pages/causes.ts';
import { changesListing } from './pages/changes.ts';
import { containersListing } from './pages/containers.ts';
import { contextsListing } from './pages/contexts.ts';
import { diffListing } from './pages/diff.ts';
import { dirListing } from './pages/dir.ts';
import { faultsListing } from './pages/faults.ts';
import { flowsListing } from './pages/flows.ts';
import { forwardsListing } from './pages/forwards.ts';
import { kindsListing } from './pages/kinds.ts';
import { outcomesListing } from './pages/outcomes.ts';
import { pulsesListing } from './pages/pulses.ts';
import { timelineListing } from './pages/timeline.ts';
import { usedByListing } from './pages/used-by.ts';
import { watchesListing } from './pages/watches.ts';
import { queuesListing, sleepersListing } from './pages/work.ts';
import { xrayListing } from './pages/xray.ts';
import type { PageView } from './view.ts';
import type { World } from './world.ts';

/** The lists that are not of one kind's objects. */
export function pageListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  switch (view.page) {
    case 'convergence':
      return convergenceListing(view, world, glyphs);
    case 'kinds':
      return kindsListing(view, world);
    case 'pulses':
      return pulsesListing(view, world, glyphs);
    case 'sleepers':
      return sleepersListing(view, world);
    case 'queues':
      return queuesListing(view, world);
    case 'timeline':
      return timelineListing(view, world, glyphs);
    case 'causes':
      return causesListing(view, world, glyphs);
    case 'containers':
      return containersListing(view, world);
    case 'used-by':
      return usedByListing(view, world);
    case 'diff':
      return diffListing(view, world, glyphs);
    case 'faults':
      return faultsListing(view, world);
    case 'changes':
      return changesListing(view, world);
    case 'watches':
      return watchesListing(view, world);
    case 'can':
      return canListing(view, world, glyphs);
    case 'contexts':
      return contextsListing(view, world, glyphs);
    case 'outcomes':
      return outcomesListing(view, world, glyphs);
    case 'dir':
      return dirListing(view);
    case 'forwards':
      return forwardsListing(view, world);
    case 'flows':
      return flowsListing(view, world, glyphs);
    case 'xray':
      return xrayListing(view, world, glyphs);
  }
}
