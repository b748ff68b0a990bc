/** A name of the schema or of a sender as one reads it: `IN_PROGRESS` is "in progress". */
export const inWords = <Name extends string | null | undefined>(name: Name) =>
  name && (name.toLowerCase().replaceAll('_', ' ') as Name);
