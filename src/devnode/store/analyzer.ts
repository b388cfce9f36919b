/** Letters, digits and marks of any script, with an apostrophe, a dot or a comma where the standard tokenizer keeps a word whole. */
const WORD =
  /[\p{L}\p{N}\p{M}_]+(?:['’.:](?=\p{L})(?<=\p{L}['’.:])[\p{L}\p{N}\p{M}_]+|[.,'](?=\p{N})(?<=\p{N}[.,'])[\p{L}\p{N}\p{M}_]+)*/gu;
/** Scripts written without spaces: each letter is a token. */
const IDEOGRAPHS = /[\p{Script=Han}\p{Script=Hiragana}]/u;
const EACH = /[\p{Script=Han}\p{Script=Hiragana}]|[^\p{Script=Han}\p{Script=Hiragana}]+/gu;

/** Longest token of the standard analyzer, in UTF-16 units; longer words are cut into pieces of this length. */
const MAX_TOKEN = 255;

/** Splits a text into the terms it is found by. */
export type Analyzer = (text: string) => string[];

const standard: Analyzer = (text) => {
  const terms: string[] = [];
  for (const word of text.toLowerCase().match(WORD) ?? []) {
    if (IDEOGRAPHS.test(word)) terms.push(...(word.match(EACH) ?? []));
    else if (word.length <= MAX_TOKEN) terms.push(word);
    else for (let at = 0; at < word.length; at += MAX_TOKEN) terms.push(word.slice(at, at + MAX_TOKEN));
  }
  return terms;
};

/** The built-in analyzers that the development node has, by name. */
export const ANALYZERS: ReadonlyMap<string, Analyzer> = new Map<string, Analyzer>([
  ['standard', standard],
  ['default', standard],
  ['simple', (text) => text.toLowerCase().match(/\p{L}+/gu) ?? []],
  ['whitespace', (text) => text.match(/\S+/gu) ?? []],
  ['keyword', (text) => [text]],
]);
