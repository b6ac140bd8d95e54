import { findReferenceField } from '../../model/reference.ts';
import type { RuleInputs } from '../inputs.ts';
import { fieldTerm } from '../terms/place-terms.ts';
import type { Term } from '../terms/term.ts';
import { clockBehindTerm, driverTerm, lateralTerm, movedTerm, onTripTerm, stillTerm } from '../terms/vehicle-terms.ts';

/** Values by name that are worked out from messages only where a rule asks for them. */
export const NAME_TERMS: Readonly<
  Record<string, { readonly unit: string; readonly means: string; make(inputs: RuleInputs): Term }>
> = {
  moved_m: {
    unit: 'm',
    means: 'from the fix before to the newest',
    make: ({ state, fixes }) => movedTerm(state, fixes),
  },
  lateral_mps2: {
    unit: 'm/s²',
    means: 'sideways: mean speed × change of heading, from two fixes 0.4 to 3 s apart',
    make: ({ state, fixes }) => lateralTerm(state, fixes),
  },
  clock_behind_s: {
    unit: 's',
    means: 'arrival of the newest telemetry less the time it carries; looked at every 10 s',
    make: ({ state, fixes }) => clockBehindTerm(state, fixes),
  },
  still_h: {
    unit: 'h',
    means: 'since it was last seen moving, by the room’s clock; looked at once a minute',
    make: ({ state, fixes }) => stillTerm(state, fixes),
  },
  on_trip: { unit: 'flag', means: 'the vehicle names a trip', make: ({ state }) => onTripTerm(state) },
  driver: { unit: 'text', means: 'id of its driver', make: ({ state, business }) => driverTerm(state, business) },
};

/** How to make the term of a name; undefined when there is no such name. */
export function nameTerm(name: string, inputs: RuleInputs): (() => Term) | undefined {
  if (Object.hasOwn(NAME_TERMS, name)) return () => NAME_TERMS[name].make(inputs);
  const field = findReferenceField(name);
  return field && (() => fieldTerm(field, inputs.business));
}
