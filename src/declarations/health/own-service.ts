/**
 * The service whose samples are those of this server itself. The health of a project leaves it out:
 * the server's trouble is not that of the services, and rules of its own tell of it.
 */
export const OWN_SERVICE = 'telltale';
