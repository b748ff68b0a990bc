import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * The process, under the names that all client libraries use. prom-client's own collection would
 * measure the event loop a second time, and never ends; this reads on each scrape.
 */
export function addProcessMetrics(registry: Registry): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ registers, name, help }).set(value);
  const { user, system } = process.cpuUsage();
  new Counter({
    registers,
    name: 'process_cpu_seconds_total',
    help: 'Processor time of all threads of the process.',
  }).inc((user + system) / 1e6);
  gauge('process_start_time_seconds', 'When the process started, in Unix time.', Math.round(startedAt()));
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  gauge('process_resident_memory_bytes', 'Resident memory.', rss);
  gauge('nodejs_heap_size_total_bytes', 'The heap of the main thread.', heapTotal);
  gauge('nodejs_heap_size_used_bytes', 'The part of the heap that is in use.', heapUsed);
  gauge('nodejs_external_memory_bytes', 'Memory outside the heap that its objects hold.', external);
}

const startedAt = (): number => performance.timeOrigin / 1000;
