import { withTelltale } from '@telltale/client/next';
import { telltale } from '../../../telltale.ts';

export const runtime = 'edge';

export const GET = withTelltale(telltale, async () => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  telltale.llmCall({ provider: 'openai', model: 'at the edge', latencyMs: 1 });
  return Response.json({});
});
