import { param } from '../../state/location.ts';

/** The model that the address names. Names of models have slashes, so they are parameters. */
export const named = () => ({ provider: param('provider').value ?? '', model: param('model').value ?? '' });
