import { param } from '../../state/location.ts';

/** The model that the address names. Model names contain slashes, so they are query parameters. */
export const named = () => ({ provider: param('provider').value ?? '', model: param('model').value ?? '' });
