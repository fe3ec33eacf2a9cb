/** What strict JSON may hold. */
export interface JsonLimits {
  /** Levels of nesting. */
  readonly depth: number;
  /** Keys over all objects. */
  readonly keys: number;
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses JSON that a stranger may have written. Throws `SyntaxError` with line and column where the text is no JSON, nests too deep, has too
 * many keys, a key twice in one object, a key that could reach a prototype, or a whole number that a double cannot hold.
 */
export function parseStrictJson(text: string, limits: JsonLimits = { depth: 40, keys: 200_000 }): unknown {
  checkShape(text, limits);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SyntaxError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Walks the text once, before `JSON.parse` builds anything, looking only at strings, brackets and whole numbers. On text that is no JSON it may
 * see keys wrongly; `JSON.parse` refuses that text afterwards.
 */
function checkShape(text: string, limits: JsonLimits): void {
  const open: (Set<string> | null)[] = [];
  let keys = 0;
  let at = 0;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isKey(text, end)) {
        const name = decodeString(text, at, end);
        if (forbidden.has(name)) refuse(text, at, `the key ${name} is not allowed`);
        if (names.has(name)) refuse(text, at, `the key ${JSON.stringify(name.slice(0, 60))} occurs twice`);
        names.add(name);
        keys += 1;
        if (keys > limits.keys) refuse(text, at, `more than ${limits.keys} keys`);
      }
      at = end;
      continue;
    }
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null);
      if (open.length > limits.depth) refuse(text, at, `nested deeper than ${limits.depth} levels`);
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (isNumberCharacter(character)) {
      at = checkNumber(text, at);
      continue;
    }
    at += 1;
  }
}

/** Index just after the closing quote. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote === -1) return refuse(text, start, 'a string without an end');
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    // The opening quote stops the count, so an even number means that this quote is not escaped.
    if (backslashes % 2 === 0) return quote + 1;
    end = quote + 1;
  }
}

function isKey(text: string, end: number): boolean {
  let next = end;
  while (' \t\r\n'.includes(text[next] ?? '-')) next += 1;
  return text[next] === ':';
}

function decodeString(text: string, start: number, end: number): string {
  try {
    return JSON.parse(text.slice(start, end)) as string;
  } catch {
    return refuse(text, start, 'a key that is no JSON string');
  }
}

const isNumberCharacter = (character: string) => /[-+.0-9eE]/.test(character);

function checkNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && /[-+.0-9eE]/.test(text[end] as string)) end += 1;
  const digits = text.slice(start, end);
  if (/^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits))) {
    refuse(text, start, 'a whole number beyond 2^53');
  }
  return end;
}

function refuse(text: string, at: number, reason: string): never {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  throw new SyntaxError(`${reason} (line ${line}, column ${column})`);
}
