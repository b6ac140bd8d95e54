import { stringEnd } from './json-bytes.ts';

const DAY_MS = 86_400_000;
/** Older than this a clock was never set (GPS week zero, 1970, 1999): such a time is refused, not believed. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** Numbers below are seconds since 1970, above milliseconds: 1e11 s is the year 5138, 1e11 ms is 1973. */
const SECONDS_BELOW = 1e11;

/** Days since 1970-01-01 of a civil date (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Two digits at `at` as a number, or NaN. */
function two(bytes: Uint8Array, at: number): number {
  const a = bytes[at] - 48;
  const b = bytes[at + 1] - 48;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : Number.NaN;
}

/**
 * Reads ISO 8601 timestamps from bytes: `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM|±HHMM|±HH)`; the fraction has up to nine
 * digits, of which milliseconds are kept; a leap second counts as the second after it. A date without a zone is refused,
 * because guessing a zone moves events by hours. The day's midnight is cached: consecutive messages share a day.
 */
export class TimestampReader {
  #cachedDay = -1;
  #cachedMidnightMs = 0;
  /** The time `readAgain` read last, Unix ms. */
  ms = Number.NaN;
  /** Date, hour and minute remembered for `readAgain`: their sixteen bytes as two doubles, and the minute they name in UTC. */
  #dateBytes = 0;
  #hourBytes = 0;
  #minuteMs = 0;
  /** The minute `read` took last as if it were written in UTC. */
  #writtenMinuteMs = 0;

  /** Unix ms, or NaN when [at, end) is no such timestamp or lies before the year 2000. */
  read(bytes: Uint8Array, at: number, end: number): number {
    if (
      end - at < 20 ||
      bytes[at + 4] !== 45 ||
      bytes[at + 7] !== 45 ||
      bytes[at + 13] !== 58 ||
      bytes[at + 16] !== 58
    ) {
      return Number.NaN;
    }
    if ((bytes[at + 10] | 32) !== 116 && bytes[at + 10] !== 32) return Number.NaN;
    const midnight = this.#midnight(two(bytes, at) * 100 + two(bytes, at + 2), two(bytes, at + 5), two(bytes, at + 8));
    const hours = two(bytes, at + 11);
    const minutes = two(bytes, at + 14);
    const seconds = two(bytes, at + 17);
    if (!(hours < 24 && minutes < 60 && seconds <= 60)) return Number.NaN;
    const minuteMs = midnight + (hours * 60 + minutes) * 60_000;
    this.#writtenMinuteMs = minuteMs;
    let ms = minuteMs + seconds * 1000;
    let p = at + 19;
    if (bytes[p] === 46 || bytes[p] === 44) {
      let scale = 100;
      const first = ++p;
      while (p < end && bytes[p] >= 48 && bytes[p] <= 57) {
        if (scale >= 1) ms += (bytes[p] - 48) * scale;
        scale /= 10;
        p++;
      }
      if (p === first || p - first > 9) return Number.NaN;
    }
    ms -= zoneOffsetMs(bytes, p, end);
    return ms >= EARLIEST_MS ? ms : Number.NaN;
  }

  /** Reads the time written at `at` into `ms`; answers where the quote that ends it is, or -1 when it is no time. */
  readText(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    const again = this.readAgain(view, at, end);
    if (again >= 0) return again;
    const p = stringEnd(view, at, end);
    this.ms = p < 0 ? Number.NaN : this.read(bytes, at, p);
    if (Number.isNaN(this.ms)) return -1;
    this.remember(view, at);
    return p;
  }

  /**
   * Reads the time at `at`, up to the quote that ends it, into `ms`, if it is written as `YYYY-MM-DDTHH:MM:SS[.fff]Z` and its
   * minute is the remembered one: consecutive messages share a minute. Answers where the quote is, or -1 when it is for `read`.
   */
  readAgain(view: DataView, at: number, end: number): number {
    if (at + 25 > end || view.getFloat64(at, true) !== this.#dateBytes) return -1;
    if (view.getFloat64(at + 8, true) !== this.#hourBytes || view.getUint8(at + 16) !== 58) return -1;
    const tens = view.getUint8(at + 17) - 48;
    const ones = view.getUint8(at + 18) - 48;
    if (tens >>> 0 > 5 || ones >>> 0 > 9) return -1;
    const ms = this.#minuteMs + (tens * 10 + ones) * 1000;
    const mark = view.getUint8(at + 19);
    if (mark === 90) {
      this.ms = ms;
      return view.getUint8(at + 20) === 34 ? at + 20 : -1;
    }
    const tenths = view.getUint8(at + 20) - 48;
    const hundredths = view.getUint8(at + 21) - 48;
    const thousandths = view.getUint8(at + 22) - 48;
    if (mark !== 46 || tenths >>> 0 > 9 || hundredths >>> 0 > 9 || thousandths >>> 0 > 9) return -1;
    this.ms = ms + tenths * 100 + hundredths * 10 + thousandths;
    return view.getUint8(at + 23) === 90 && view.getUint8(at + 24) === 34 ? at + 24 : -1;
  }

  /** Remembers the minute of the time at `at`, which `read` has just taken, for `readAgain`. */
  remember(view: DataView, at: number): void {
    if (this.#writtenMinuteMs < EARLIEST_MS) return;
    this.#dateBytes = view.getFloat64(at, true);
    this.#hourBytes = view.getFloat64(at + 8, true);
    this.#minuteMs = this.#writtenMinuteMs;
  }

  /** A numeric timestamp in seconds or milliseconds since 1970, as Unix ms; NaN before the year 2000. */
  fromNumber(value: number): number {
    const ms = Math.floor(value < SECONDS_BELOW ? value * 1000 : value);
    return ms >= EARLIEST_MS && ms < 8.64e15 ? ms : Number.NaN;
  }

  #midnight(year: number, month: number, day: number): number {
    const key = (year * 16 + month) * 32 + day;
    if (key === this.#cachedDay) return this.#cachedMidnightMs;
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
    this.#cachedDay = key;
    this.#cachedMidnightMs = daysFromCivil(year, month, day) * DAY_MS;
    return this.#cachedMidnightMs;
  }
}

function zoneOffsetMs(bytes: Uint8Array, at: number, end: number): number {
  const c = bytes[at];
  if ((c | 32) === 122) return at + 1 === end ? 0 : Number.NaN;
  if (c !== 43 && c !== 45) return Number.NaN;
  const hours = two(bytes, at + 1);
  const rest = at + 3;
  const colon = rest < end && bytes[rest] === 58 ? 1 : 0;
  const minutes = rest === end ? 0 : two(bytes, rest + colon);
  const length = rest === end ? 3 : 5 + colon;
  if (end - at !== length || !(hours < 24 && minutes < 60)) return Number.NaN;
  return (c === 45 ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
