import { lineAndColumn, type Path, type Source, type Unreadable } from './source.ts';

/** Takes a JSON file apart. */
export function jsonSource(file: string, text: string): Source | Unreadable {
  try {
    return { file, value: JSON.parse(text), locate: (path) => lineAndColumn(text, offsetOf(text, path)) };
  } catch (error) {
    const { message } = error as SyntaxError;
    const at = /at position (\d+)/.exec(message);
    const place = at ? lineAndColumn(text, Number(at[1])) : '';
    return {
      error: `${file}${place}: this is not JSON (${message.replace(/ in JSON at position.*$/s, '').replaceAll(/\s+/g, ' ')})`,
    };
  }
}

/** Offset of the value at the end of that way in a valid JSON text; of the last value on it that there is. */
export function offsetOf(text: string, path: Path): number {
  let at = skipSpace(text, 0);
  for (const step of path) {
    const found = typeof step === 'number' ? itemAt(text, at, step) : memberAt(text, at, step);
    if (found === undefined) return at;
    at = found;
  }
  return at;
}

function itemAt(text: string, start: number, index: number): number | undefined {
  if (text[start] !== '[') return undefined;
  let at = skipSpace(text, start + 1);
  for (let i = 0; text[at] !== ']'; i++) {
    if (i === index) return at;
    at = afterComma(text, skipValue(text, at));
  }
  return undefined;
}

function memberAt(text: string, start: number, name: string): number | undefined {
  if (text[start] !== '{') return undefined;
  let at = skipSpace(text, start + 1);
  while (text[at] !== '}') {
    const end = skipValue(text, at);
    const key = JSON.parse(text.slice(at, end)) as string;
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (key === name) return value;
    at = afterComma(text, skipValue(text, value));
  }
  return undefined;
}

function afterComma(text: string, at: number): number {
  const next = skipSpace(text, at);
  return text[next] === ',' ? skipSpace(text, next + 1) : next;
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && ' \t\r\n'.includes(text[next])) next++;
  return next;
}

function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const char = text[at];
    if (char === '"') at = afterString(text, at);
    else if (char === '{' || char === '[') {
      depth++;
      at++;
    } else if (char === '}' || char === ']') {
      depth--;
      at++;
    } else if (depth === 0) return afterWord(text, at);
    else at++;
    if (depth === 0) return at;
  }
  return text.length;
}

function afterString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function afterWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !' \t\r\n,]}'.includes(text[at])) at++;
  return at;
}
