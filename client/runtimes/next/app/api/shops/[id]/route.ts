import { withTelltale } from '@telltale/client/next';
import type { NextRequest } from 'next/server';
import { telltale } from '../../../../telltale.ts';

type Context = { params: Promise<{ id: string }> };

export const GET = withTelltale(telltale, async (_request: NextRequest, { params }: Context) => {
  const { id } = await params;
  telltale.llmCall({ provider: 'openai', model: `of shop ${id}`, latencyMs: 1 });
  return Response.json({ id });
});
