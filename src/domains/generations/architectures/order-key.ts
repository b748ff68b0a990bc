/**
 * The key of `store.transact` under which saves and deletes of one architecture are done one after
 * another.
 */
export const orderKey = (projectId: string, id: string): string => `architecture:${projectId}:${id}`;
