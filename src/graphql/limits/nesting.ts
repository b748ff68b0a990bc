import { GraphQLError, Lexer, type Source, TokenKind } from 'graphql';

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Whether the brackets of a document are nested deeper than `levels`. Nothing else makes
 * graphql-js's parser recurse, and some 2,400 levels overflow its stack. Reads at most `maxTokens`
 * tokens.
 */
export function isNestedDeeper(source: Source, levels: number, maxTokens: number): boolean {
  if (!hasMoreBrackets(source.body, levels)) return false;
  const lexer = new Lexer(source);
  let depth = 0;
  try {
    for (let tokens = 0; tokens < maxTokens; tokens++) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return false;
      if (OPENING.has(kind)) depth++;
      else if (CLOSING.has(kind)) depth--;
      if (depth > levels) return true;
    }
    return false;
  } catch (error) {
    // The parser meets the same bad character, or an earlier error, and reports it.
    if (error instanceof GraphQLError) return false;
    throw error;
  }
}

/** A cheap check first, wherever the brackets are: most documents have few. */
function hasMoreBrackets(text: string, count: number): boolean {
  const bracket = /[[{(]/g;
  for (let found = 0; found <= count; found++) {
    if (!bracket.test(text)) return false;
  }
  return true;
}
