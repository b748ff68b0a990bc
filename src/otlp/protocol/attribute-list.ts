import type { Attributes, AttributeValue } from './telemetry.ts';

/**
 * The attributes of an item, in their original order. Most are read once, in a pass over all, and
 * few are requested by name. So there is no index: making a `Map` per span costs more than all
 * lookups. If several have the same name, the last one counts.
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
