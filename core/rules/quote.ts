import { suggest } from '../model/suggest.ts';

const LONGEST = 60;
const LONGEST_MESSAGE = 160;

/** Text of a pack as error messages show it: in backticks, on one line, cut when it is long. */
export function quote(text: string): string {
  return `\`${oneLine(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)}\``;
}

/** A library's message on one line and of readable length. */
export function brief(message: string): string {
  const line = oneLine(message);
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

/** `; did you mean …?` for a word that is close to a candidate, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = word.length > LONGEST ? undefined : suggest(word, candidates);
  return near === undefined ? '' : `; did you mean ${quote(near)}?`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
