import { Select } from '../parts/select.tsx';
import { setParams } from '../state/location.ts';
import { zone } from '../state/view.ts';

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Selects the time zone of all times, and of the days that charts count. */
export function ZoneChooser() {
  const names = [...new Set([own, 'UTC', zone.value, ...Intl.supportedValuesOf('timeZone')])];
  return (
    <Select
      label="Time zone"
      value={zone.value}
      options={names.map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
      onChange={(value: string) => setParams({ zone: value === own ? null : value })}
    />
  );
}
