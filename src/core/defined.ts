/**
 * The value of a read that always finds one: an index below the length, a key that the map has, the
 * end of a list that is not empty. The compiler cannot know that; this function checks it. Loops
 * over the numbers of histograms and cells read `?? 0` instead, which costs them nothing, while the
 * call of a function per number takes a fifth of their time. Where such a loop adds in place or
 * counts up to a rank, `?? 0` takes a tenth to a fifth too, so a few casts are left there.
 *
 * @throws TypeError if there is none, which is a bug.
 */
export function defined<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('A value that must exist is undefined.');
  return value;
}

/**
 * The same for a value that may be null elsewhere: the measure of a question that needs one, the
 * number that was asked for.
 */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null) throw new TypeError('A value that must exist is null.');
  return defined(value);
}
