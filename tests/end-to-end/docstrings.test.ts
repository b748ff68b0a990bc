import { readdirSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { readPage } from './support/pages.ts';

/**
 * Sources that document parameters. In JavaScript, the compiler checks them because of `checkJs`.
 */
const sources = ['src', 'tests', 'scripts']
  .flatMap((root) =>
    readdirSync(inPackage(root), { recursive: true, encoding: 'utf8' }).map((path) => `${root}/${path}`),
  )
  .filter((path) => path.endsWith('.ts') && !/\/generated\//.test(path))
  .map((path) => ({ path, text: readPage(path) }))
  .filter(({ text }) => text.includes('* @param '))
  .map(({ path, text }) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));

function tagsIn(node: ts.Node): ts.JSDocParameterTag[] {
  return ts.isJSDocParameterTag(node) ? [node] : node.getChildren().flatMap(tagsIn);
}

/** The parameters of a function, or of the function that a variable, a property or a type is. */
function parametersOf(node: ts.Node | undefined): readonly ts.ParameterDeclaration[] {
  if (node === undefined) return [];
  if (ts.isFunctionLike(node)) return node.parameters.filter(ts.isParameter);
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.flatMap(parametersOf);
  if (ts.isTypeAliasDeclaration(node)) return parametersOf(node.type);
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node))
    return [node.initializer, node.type].flatMap(parametersOf);
  if (ts.isPropertyAssignment(node)) return parametersOf(node.initializer);
  return ts.isPropertySignature(node) ? parametersOf(node.type) : [];
}

/** The name of a parameter, or the names into which it is destructured. */
const namesOf = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));

it('docstrings name only parameters that exist', () => {
  const tags = sources.flatMap(tagsIn);
  expect(tags.length).toBeGreaterThan(60);
  const wrong = tags.filter((tag) => {
    const names = parametersOf(tag.parent.parent).flatMap(({ name }) => namesOf(name));
    return !names.includes(tag.name.getText());
  });
  expect(
    wrong.map((tag) => `${tag.getSourceFile().fileName}: @param ${tag.name.getText()} ${tag.comment}`),
  ).toEqual([]);
});
