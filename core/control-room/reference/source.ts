/** The way to a value in a file: keys and numbers of list items. */
export type Path = readonly (string | number)[];

/** A file taken apart. */
export interface Source {
  /** Its name without folders. */
  readonly file: string;
  readonly value: unknown;
  /** Where a value stands: `:line:column` or `:line`, to be put behind the file's name; counted from 1. */
  locate(path: Path): string;
}

/** A file that could not be taken apart, as a sentence with its place. */
export interface Unreadable {
  readonly error: string;
}

/** `:line:column` of an offset in a text. */
export function lineAndColumn(text: string, offset: number): string {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return `:${line}:${offset - start + 1}`;
}
