/** A name from the schema or a sender in readable form: `IN_PROGRESS` becomes "in progress". */
export const inWords = <Name extends string | null | undefined>(name: Name) =>
  name && (name.toLowerCase().replaceAll('_', ' ') as Name);
