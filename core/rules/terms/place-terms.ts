import type { ReferenceField } from '../../model/reference.ts';
import type { BusinessData } from '../business-data.ts';
import type { RuleInputs } from '../inputs.ts';
import { SOURCE, type Term } from './term.ts';

/** Whether the vehicle is in a geofence of that id or group; unknown without a position or such a geofence. */
export function insideTerm(key: string, { business }: RuleInputs, name: string): Term {
  const place = business.placeKey(name);
  return {
    key,
    type: 'bool',
    unit: '',
    sources: [SOURCE.places, SOURCE.facts],
    lookBackMs: 0,
    fromNow: true,
    update: (slot) => business.inside(slot, place),
  };
}

/** Name of the geofence of that id or group that the vehicle is in. */
export function placeNameTerm(key: string, { business }: RuleInputs, name: string): Term {
  const place = business.placeKey(name);
  return {
    key,
    type: 'text',
    unit: '',
    sources: [SOURCE.places, SOURCE.facts],
    lookBackMs: 0,
    fromNow: true,
    update: (slot) => business.placeName(slot, place),
  };
}

/** What each kind of field is changed by. */
const SOURCES: Readonly<Record<ReferenceField['changesOn'], readonly number[]>> = {
  facts: [SOURCE.facts, SOURCE.driver, SOURCE.stop],
  position: [SOURCE.facts, SOURCE.places, SOURCE.journey, SOURCE.stop],
  time: [SOURCE.facts],
};

/** A field of business data, such as `vehicle.class`. */
export function fieldTerm(field: ReferenceField, business: BusinessData): Term {
  const read = business.fieldReader(field.name);
  return {
    key: field.name,
    type: field.type === 'flag' ? 'bool' : field.type,
    unit: field.unit,
    sources: SOURCES[field.changesOn],
    lookBackMs: 0,
    fromNow: true,
    update: read,
  };
}
