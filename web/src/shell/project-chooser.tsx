import { Select } from '../parts/select.tsx';
import { setParams } from '../state/location.ts';
import { project } from '../state/view.ts';
import { viewer } from './viewer.ts';

/** Which project the pages show. Only a key for all projects, or a server without keys, has a choice. */
export function ProjectChooser() {
  const projects = viewer.value?.projects ?? [];
  if (projects.length < 2) return null;
  return (
    <Select
      label="Project"
      value={project.value ?? viewer.value?.projectId ?? ''}
      options={projects.map(({ projectId, name }) => ({ value: projectId, label: name ?? projectId }))}
      onChange={(value: string) => setParams({ project: value })}
    />
  );
}
