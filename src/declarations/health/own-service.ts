/**
 * The service whose samples are about this server itself. The health of a project excludes it:
 * trouble of the server is not trouble of the services, and separate rules report it.
 */
export const OWN_SERVICE = 'telltale';
