import { Names } from '../stream/names.ts';

/**
 * What rules ask of places and business data (core/stream/reference). Texts are numbers here, so that conditions compare numbers:
 * equal texts, equal codes. NaN = unknown.
 */
export interface BusinessData {
  codeOf(text: string): number;
  textOf(code: number): string;
  /** Value of a field of REFERENCE_FIELDS; a flag is 0 or 1. `atMs` is the time now. */
  fieldReader(name: string): (slot: number, atMs: number) => number;
  /** A number for a geofence's id or a group of them. */
  placeKey(name: string): number;
  inside(slot: number, key: number): number;
  /** Code of the name of a geofence of that key which the vehicle is in; of the empty text outside. */
  placeName(slot: number, key: number): number;
}

/** Texts by number: 1 and up, 0 for the empty one. */
export function textCodes(): Pick<BusinessData, 'codeOf' | 'textOf'> {
  const names = new Names();
  return { codeOf: (text) => names.number(text), textOf: (code) => names.name(code) ?? '' };
}

/** Nothing known but texts. */
export function noBusinessData(): BusinessData {
  return {
    ...textCodes(),
    fieldReader: () => () => Number.NaN,
    placeKey: () => 0,
    inside: () => Number.NaN,
    placeName: () => Number.NaN,
  };
}
