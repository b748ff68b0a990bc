/**
 * How many examples a property test with a database tries: few with all other tests, more with
 * PROPERTY_TIMES=10, for whoever changes what it is about.
 */
export const propertyRuns = (few: number): number => few * Number(process.env['PROPERTY_TIMES'] || 1);
