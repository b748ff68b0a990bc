import type { TokenForm } from './tokens.ts';

interface Node {
  readonly next: Map<string, Node>;
  readonly rests: string[];
}

const createNode = (): Node => ({ next: new Map(), rests: [] });

/**
 * One regular expression for all forms. No two of its alternatives begin with the same character,
 * so most characters of a text are skipped at once.
 */
export function compileTokens(forms: readonly TokenForm[]): string {
  const root = createNode();
  for (const { prefixes, rest } of forms) for (const prefix of prefixes) add(root, prefix, rest);
  return toSource(root);
}

function add(root: Node, prefix: string, rest: string): void {
  let node = root;
  for (const character of prefix) {
    const found = node.next.get(character) ?? createNode();
    node.next.set(character, found);
    node = found;
  }
  node.rests.push(rest);
}

function toSource({ next, rests }: Node): string {
  const longer = [...next].map(([character, node]) => escapeCharacter(character) + toSource(node));
  const alternatives = [...longer, ...rests];
  const [only = ''] = alternatives;
  return alternatives.length === 1 ? only : `(?:${alternatives.join('|')})`;
}

const escapeCharacter = (character: string): string => character.replace(/[^\w~]/, '\\$&');
