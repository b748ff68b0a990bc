/** The key for `store.transact`: saves and deletes of one architecture run one after another. */
export const orderKey = (projectId: string, id: string): string => `architecture:${projectId}:${id}`;
