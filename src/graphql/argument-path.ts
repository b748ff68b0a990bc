import { type ASTNode, Kind, type Token, TokenKind } from 'graphql';

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * The path of a value in the arguments of its field, such as `filter.model.eq`. Errors of
 * graphql-js hold the node of the value but not its parents, so this reads the path backwards from
 * the first token of the value. Undefined if the node is not part of an argument, or if the
 * document was parsed without locations.
 */
export function argumentPath(node: ASTNode): string | undefined {
  if (node.kind === Kind.ARGUMENT) return node.name.value;
  let token = node.loc?.startToken ?? null;
  const names: string[] = [];
  if (node.kind === Kind.OBJECT_FIELD) names.push(node.name.value);
  while (token !== null) {
    const name = nameBefore(token);
    if (name !== undefined) names.unshift(name);
    token = openingBefore(token);
    if (token?.kind === TokenKind.PAREN_L) return names.length > 0 ? names.join('.') : undefined;
  }
  return undefined;
}

/** The `x` of `x: value`, given the first token of the value. */
function nameBefore(token: Token): string | undefined {
  if (token.prev?.kind !== TokenKind.COLON) return undefined;
  return token.prev.prev?.value;
}

/** The bracket that encloses the token. */
function openingBefore(token: Token): Token | null {
  let depth = 0;
  for (let before = token.prev; before !== null; before = before.prev) {
    if (CLOSING.has(before.kind)) depth++;
    else if (OPENING.has(before.kind) && depth-- === 0) return before;
  }
  return null;
}
