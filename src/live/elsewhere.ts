/**
 * The topic that carries what other instances have announced on a topic: the id of a project, or null
 * if it may be about any of them.
 */
export const elsewhere = (topic: string): string => `${topic}.elsewhere`;

/** Publishes the id of a project on a topic here, and on `elsewhere` of it on other instances. */
export type Announce = (topic: string, projectId: string) => void;
