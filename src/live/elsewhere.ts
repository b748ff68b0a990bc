/**
 * The topic for what other instances have announced on a topic: the id of a project, or null if it
 * may be about any project.
 */
export const elsewhere = (topic: string): string => `${topic}.elsewhere`;

/**
 * Publishes the id of a project on a topic on this instance, and on its `elsewhere` topic on other
 * instances.
 */
export type Announce = (topic: string, projectId: string) => void;
