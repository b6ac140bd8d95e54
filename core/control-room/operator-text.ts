import { RoomError } from '../protocol/errors.ts';

/** Characters. */
export const MAX_NAME = 80;
const MAX_TEXT = 2000;

/** A text without the blanks around it. Throws a RoomError that asks for `what` when it is missing or too long. */
export function requiredText(value: unknown, what: string, max = MAX_TEXT): string {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  if (trimmed === '') throw new RoomError('bad-arguments', `Please give ${what}.`);
  if (trimmed.length > max) throw new RoomError('bad-arguments', `Please keep ${what} under ${max} characters.`);
  return trimmed;
}

/** The same, or undefined where there is none or only blanks. */
export function optionalText(value: unknown, what: string, max = MAX_TEXT): string | undefined {
  const isBlank = value === undefined || (typeof value === 'string' && value.trim() === '');
  return isBlank ? undefined : requiredText(value, what, max);
}
