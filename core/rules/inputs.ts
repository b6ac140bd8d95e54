import { FleetState } from '../stream/fleet-state.ts';
import { type BusinessData, noBusinessData } from './business-data.ts';
import { FixMemory } from './terms/fix-memory.ts';
import { TermStore } from './terms/term-store.ts';

/** What conditions are compiled against: the fleet's columns, terms worked out from them, and business data. */
export class RuleInputs {
  readonly state: FleetState;
  readonly terms: TermStore;
  readonly business: BusinessData;
  readonly fixes = new FixMemory();
  /** Onset of the alert whose text or priority is worked out now, Unix ms. */
  onsetMs = 0;

  /** Without a fleet it serves to check packs. */
  constructor(state = new FleetState(), business: BusinessData = noBusinessData()) {
    this.state = state;
    this.terms = new TermStore(state);
    this.business = business;
  }
}
