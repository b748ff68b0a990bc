import type { RequestRecorder } from './activity.ts';
import type { ModelProfile } from './catalog.ts';
import { drawArchitecture, drawKind } from './diagram.ts';
import type { Random } from './random.ts';

/** Answers that parse as no diagram. */
const INVALID_SPEC_RATE = 0.035;

export interface GenerationFacts {
  readonly generationId: string;
  readonly model: ModelProfile;
  readonly endUser: string | undefined;
  /** The model answered. */
  readonly answered: boolean;
}

/**
 * Records the diagram that a request was about, with its architecture where there is one. True:
 * there is. It has no cost of its own: its model calls are recorded, with theirs.
 */
export function recordGeneration(random: Random, recorder: RequestRecorder, facts: GenerationFacts): boolean {
  const { model, answered } = facts;
  const kind = drawKind(random);
  const valid = answered && !random.chance(INVALID_SPEC_RATE);
  const failure = answered
    ? { errorType: 'invalid_spec', errorMessage: 'The answer is no diagram: nodes[3].id is missing' }
    : { errorType: 'model_unavailable', errorMessage: `No model answered, last tried: ${model.model}` };
  recorder.add('generations', {
    generationId: facts.generationId,
    provider: model.provider,
    model: model.model,
    kind,
    endUser: facts.endUser,
    durationMs: Math.round(recorder.elapsed * 100) / 100,
    totalTokens: recorder.totalTokens,
    ...(valid ? { architecture: drawArchitecture(random, kind) } : failure),
  });
  return valid;
}
