import type { Attributes, AttributeValue } from './telemetry.ts';

/**
 * The attributes of an item, in the order in which they came. Most are read once, in a pass over all, and
 * few are asked for by name. So no index is made of them: to make a `Map` per span costs more than all
 * that is asked of it. The last of several with one name counts.
 */
export class AttributeList implements Attributes {
  readonly #names: string[] = [];
  readonly #values: AttributeValue[] = [];

  set(name: string, value: AttributeValue): void {
    this.#names.push(name);
    this.#values.push(value);
  }

  get(name: string): AttributeValue | undefined {
    const names = this.#names;
    for (let at = names.length - 1; at >= 0; at--) if (names[at] === name) return this.#values[at];
    return undefined;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  *[Symbol.iterator](): Generator<[name: string, value: AttributeValue]> {
    for (const [at, name] of this.#names.entries()) yield [name, this.#values[at] ?? null];
  }

  forEach(visit: (value: AttributeValue, name: string) => void): void {
    const [names, values] = [this.#names, this.#values];
    for (let at = 0; at < names.length; at++) visit(values[at] ?? null, names[at] ?? '');
  }
}
