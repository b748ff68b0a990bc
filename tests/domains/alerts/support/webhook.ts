/** A stored webhook that receives every alert. */
export const EVERYBODY = {
  projectId: 'default',
  id: '00000000-0000-7000-8000-000000000001',
  webhookId: 'everybody',
  url: 'https://example.org',
  enabled: true,
  minSeverity: 'INFO',
  types: [],
  secret: 'whsec_AAAA',
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
