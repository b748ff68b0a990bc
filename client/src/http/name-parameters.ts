/**
 * A path with parameter names in place of their values: `/shops/7` becomes `/shops/:id`. A
 * parameter of several segments becomes one.
 *
 * @param nameOf writes a parameter in the framework's syntax
 */
export function nameParameters(path: string, parameters: unknown, nameOf: (name: string) => string): string {
  const given = Object.entries(parameters ?? {});
  const names = path.split('/').map((segment) => {
    const text = decode(segment);
    const found = given.find(([, value]) => value === text || (Array.isArray(value) && value.includes(text)));
    return text === '' || found === undefined
      ? { text: segment }
      : { text: nameOf(found[0]), isParameter: true };
  });
  const kept = names.filter(({ text, isParameter }, at) => !isParameter || text !== names[at - 1]?.text);
  return kept.map(({ text }) => text).join('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not properly encoded, so it is not a parameter value either.
    return segment;
  }
}
