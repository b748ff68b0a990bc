export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-z_:][\w:]*)(?:\{((?:[a-z_]\w*="(?:[^"\\]|\\["\\n])*",?)+)\})? (\S+)$/;
const LABEL = /([a-z_]\w*)="((?:[^"\\]|\\["\\n])*)"/g;

/**
 * Reads Prometheus' text format, and fails for anything that Prometheus would reject: an invalid
 * line, a metric whose samples are not together or have no type, a repeated sample.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  const seen = new Set<string>();
  const typed = new Set<string>();
  let current = '';
  for (const line of text.split('\n')) {
    const [, kind, about] = /^# (HELP|TYPE) (\S+) /.exec(line) ?? [];
    if (kind === 'TYPE' && about !== undefined) {
      if (typed.has(about)) throw new Error(`${about} has two types`);
      typed.add(about);
      current = about;
    }
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (name.replace(/_(bucket|sum|count)$/, '') !== current && name !== current)
      throw new Error(`not a sample of ${current}: ${line}`);
    const key = line.slice(0, line.lastIndexOf(' '));
    if (seen.has(key)) throw new Error(`twice: ${key}`);
    seen.add(key);
    const pairs = [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text]);
    samples.push({
      name,
      labels: Object.fromEntries(pairs),
      value: Number(value.replace('+Inf', 'Infinity')),
    });
  }
  return samples;
}
