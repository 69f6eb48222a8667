import { type CustomPatternMatcherFunc, createToken, type IToken, Lexer, type TokenType } from "chevrotain";
import { clauseKeywords, statementKeywords } from "./keywords.ts";
import { scanNumbers } from "./numbers.ts";
import { endOfBlockComment, endOfString } from "./scan.ts";

// Categories. Every token but `model`, `}` and the statement keywords is of the category Rest: the parser skips those
// after a mistake, up to where the next statement or model begins.
export const Rest = createToken({ name: "Rest", pattern: Lexer.NA });
export const StatementKeyword = createToken({ name: "StatementKeyword", pattern: Lexer.NA });

const NAME = /[\p{L}_][\p{L}\p{M}\p{Nd}_]*/uy;
const NAME_PART = /[\p{L}\p{M}\p{Nd}_]/u;

const FOREIGN_STRING = /'[^'"\r\n]*'|[“”][^“”"\r\n]*[“”]/y;

/** chevrotain indexes tokens by their first character, above 255 in groups of 255: every group may hold a letter. */
const beyondAscii = Array.from({ length: 128 }, (_, i) => i + 128);
for (let code = 256; code <= 0xffff; code += 255) beyondAscii.push(code);
beyondAscii.push(0xffff);
const ascii = Array.from({ length: 128 }, (_, i) => i);
const nameStarts = [...ascii.filter((code) => /[A-Za-z_]/.test(String.fromCharCode(code))), ...beyondAscii];

export const Identifier = createToken({
  name: "Identifier",
  label: "a name",
  pattern: (text: string, offset: number) => {
    NAME.lastIndex = offset;
    return NAME.exec(text);
  },
  start_chars_hint: nameStarts,
  line_breaks: false,
  categories: Rest,
});

const keyword = (word: string, category: TokenType): TokenType =>
  createToken({
    name: `word ${word}`,
    label: `\`${word}\``,
    pattern: word,
    longer_alt: Identifier,
    categories: category,
  });

export const Model = createToken({ name: "word model", label: "`model`", pattern: "model", longer_alt: Identifier });
export const InfinityWord = keyword("inf", Rest);
type Words = (typeof statementKeywords)[number] | (typeof clauseKeywords)[number];
export const words = Object.fromEntries([
  ...statementKeywords.map((word) => [word, keyword(word, StatementKeyword)]),
  ...clauseKeywords.map((word) => [word, keyword(word, Rest)]),
]) as Record<Words, TokenType>;

const sign = (name: string, pattern: string | RegExp, label: string, categories = Rest): TokenType =>
  createToken({ name, label, pattern, categories });

// Signs that typeset text uses instead are read as what they mean, and reported (lex.ts).
export const Plus = sign("Plus", "+", "`+`");
export const Minus = sign("Minus", /[-−–]/, "`-`");
export const Star = sign("Star", /[*×·∗]/, "`*`");
export const Slash = sign("Slash", "/", "`/`");
export const DotStar = sign("DotStar", ".*", "`.*`");
export const Caret = sign("Caret", "^", "`^`");
export const operators: ReadonlySet<TokenType> = new Set([Plus, Minus, Star, Slash, DotStar, Caret]);
export const Prime = sign("Prime", /['’′]/, "`'`");
export const Comma = sign("Comma", ",", "`,`");
export const Colon = sign("Colon", ":", "`:`");
export const DotDot = sign("DotDot", "..", "`..`");
export const Equals = sign("Equals", "=", "`=`");
export const LessEqual = sign("LessEqual", "<=", "`<=`");
/** What others write for a comparison. */
export const Comparison = sign("Comparison", /==|>=|=<|=>|!=|<|>|≤|≥/, "a comparison");
export const LeftParen = sign("LeftParen", "(", "`(`");
export const RightParen = sign("RightParen", ")", "`)`");
export const LeftBracket = sign("LeftBracket", "[", "`[`");
export const RightBracket = sign("RightBracket", "]", "`]`");
export const LeftBrace = sign("LeftBrace", "{", "`{`");
export const RightBrace = createToken({ name: "RightBrace", label: "`}`", pattern: "}" });

export const NumberToken = sign("NumberToken", /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/, "a number");
/** `2.`: a point with no digit behind it. */
export const PointNumber = sign("PointNumber", /\d+\.(?![\d.*])(?:[eE][+-]?\d+)?/, "a number");

/** A token that a function finds: where one starts with `start`, `match` gives its end, or null where it is another. */
const scanned = (name: string, start: string, match: (text: string, offset: number) => number | null, more: object) =>
  createToken({
    name,
    pattern: (text: string, offset: number) => {
      const end = text.startsWith(start, offset) ? match(text, offset) : null;
      return end === null ? null : [text.slice(offset, end)];
    },
    start_chars_hint: [start[0]],
    line_breaks: true,
    ...more,
  });

/** Closed or, to the end of the line, not. */
export const StringToken = scanned("StringToken", '"', (text, at) => endOfString(text, at).end, {
  label: "a string",
  categories: Rest,
});
/** A string in other quotes, where no value stands before it: `x'` is the derivative. */
export const ForeignString = createToken({
  name: "ForeignString",
  label: "a string",
  pattern: (text: string, offset: number, matched: IToken[]) => {
    const before = matched[matched.length - 1]?.tokenType;
    if (before !== undefined && operandEnds.has(before)) return null;
    FOREIGN_STRING.lastIndex = offset;
    return FOREIGN_STRING.exec(text);
  },
  start_chars_hint: ["'", "\u201c", "\u201d"],
  line_breaks: false,
  categories: Rest,
});
export const Transpose = scanned(
  "Transpose",
  "^T",
  (text, at) => (NAME_PART.test(String.fromCodePoint(text.codePointAt(at + 2) ?? 0x20)) ? null : at + 2),
  { label: "`^T`", categories: Rest },
);
/** A UTF-16 unit that the language does not use. */
export const StrayCharacter = createToken({
  name: "StrayCharacter",
  pattern: /[\s\S]/,
  group: "strays",
  line_breaks: true,
  start_chars_hint: [...ascii, ...beyondAscii],
});
/** Stands for an expression that is nested too deep to be read; never lexed. */
export const TooDeep = sign("TooDeep", Lexer.NA, "an expression");

/** A whole expression, which is its payload: what the parser gets instead of the tokens (fold.ts). */
export const ExpressionToken = sign("ExpressionToken", Lexer.NA, "an expression");

/** After these a bracket is an index, an interval or a shape and no literal. `in` and `:` end no value. */
export const operandEnds: ReadonlySet<TokenType> = new Set([
  ...[Identifier, NumberToken, PointNumber, StringToken, InfinityWord],
  ...[RightParen, RightBracket, Transpose, TooDeep],
]);

const matchNumbers: CustomPatternMatcherFunc = (text, offset, matched) => {
  const previous: IToken | undefined = matched[matched.length - 1];
  if (previous !== undefined) {
    const type = previous.tokenType;
    if (type === Numbers || type === Colon || type === words.in || operandEnds.has(type)) return null;
  }
  const literal = scanNumbers(text, offset);
  return literal && Object.assign([text.slice(offset, literal.end)] as [string], { payload: literal });
};

/** `[1, 2]`, `[[1, 2], [3, 4]]`: plain numbers, one token whatever the size; its payload is a NumbersLiteral. */
export const Numbers: TokenType = createToken({
  name: "Numbers",
  label: "a literal",
  pattern: matchNumbers,
  start_chars_hint: ["["],
  line_breaks: true,
  categories: Rest,
});

const WhiteSpace = createToken({ name: "WhiteSpace", pattern: /\s+/, group: Lexer.SKIPPED });
const comment = { group: "comments" };
export const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\r\n]*/, ...comment });
/** Closed or, to the end of the text, not. */
export const BlockComment = scanned("BlockComment", "/*", endOfBlockComment, comment);
/** A comment in the manner of Python or MATLAB. */
export const ForeignComment = createToken({ name: "ForeignComment", pattern: /[#%][^\r\n]*/, ...comment });

const trivia = [WhiteSpace, LineComment, BlockComment, ForeignComment];
const categories = [Rest, StatementKeyword];
// The first that matches wins: longer signs and special cases stand before what they begin with.
const ordinary = [
  ...[PointNumber, NumberToken, StringToken, ForeignString, Transpose, LessEqual, Comparison, DotStar, DotDot],
  ...[Plus, Minus, Star, Slash, Caret, Prime, Comma, Colon, Equals],
  ...[LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace],
  // `inf` before `in`, which is shorter.
  ...[Model, InfinityWord, ...Object.values(words), Identifier, StrayCharacter],
];
export const vocabulary: TokenType[] = [...trivia, Numbers, ...ordinary, TooDeep, ExpressionToken, ...categories];

const options = { positionTracking: "onlyOffset", ensureOptimizations: true } as const;
export const lexer = new Lexer([...trivia, Numbers, ...ordinary, ...categories], options);
/** Without the short cut for literals: the printer lays out each number and comment. */
export const printingLexer = new Lexer([...trivia, ...ordinary, ...categories], options);
