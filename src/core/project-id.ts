/** What is valid as the id of a project. */
export const PROJECT_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The same in words. */
export const PROJECT_ID_RULE =
  '1 to 63 lower-case letters, digits and hyphens, with a letter or a digit at both ends';
