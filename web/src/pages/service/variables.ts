import { param } from '../../state/location.ts';
import { range } from '../../state/view.ts';

export const filter = () => ({ service: { eq: param('service').value ?? '' } });

export const variables = () => ({ range: range.value, filter: filter() });
