import type { RequestRecorder } from './activity.ts';
import type { ModelProfile } from './catalog.ts';
import { drawArchitecture, drawKind } from './diagram.ts';
import type { Random } from './random.ts';

/** Share of answers that are not a valid diagram. */
const INVALID_SPEC_RATE = 0.035;

export interface GenerationFacts {
  readonly generationId: string;
  readonly model: ModelProfile;
  readonly endUser: string | undefined;
  /** The model answered. */
  readonly answered: boolean;
}

/**
 * Records the generation of a diagram, with its architecture if it succeeded. Returns true if it
 * did. A generation has no cost of its own, because its model calls are recorded with theirs.
 */
export function recordGeneration(random: Random, recorder: RequestRecorder, facts: GenerationFacts): boolean {
  const { model, answered } = facts;
  const kind = drawKind(random);
  const valid = answered && !random.chance(INVALID_SPEC_RATE);
  const failure = answered
    ? { errorType: 'invalid_spec', errorMessage: 'Invalid diagram: nodes[3].id is missing' }
    : { errorType: 'model_unavailable', errorMessage: `All models failed, last attempt: ${model.model}` };
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
