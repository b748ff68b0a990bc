import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';
import type { Rhythm } from './catalog.ts';

/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4 * DAY_MS;

/**
 * The time that the demo's month is built around. `anchor` is the end of the month, which is when
 * it was first generated, in epoch milliseconds.
 */
export interface Timeline {
  readonly anchor: number;
}

/**
 * The parameters of the month. The same values give the same events, wherever the generation starts
 * or stops.
 */
export interface MonthOptions extends Timeline {
  readonly seed: number;
  /** 1: about 6,700 model calls a day. */
  readonly scale: number;
}

/**
 * Relative traffic of a service at an hour of the UTC day, before it is scaled to the requests per
 * day of the service.
 */
function shape(rhythm: Rhythm, hour: number, weekend: boolean): number {
  switch (rhythm) {
    case 'office':
      return (0.05 + Math.exp(-(((hour - 13) / 3.6) ** 2))) * (weekend ? 0.2 : 1);
    case 'consumer':
      return (
        (0.25 + Math.exp(-(((hour - 18.5) / 4.5) ** 2)) + 0.6 * Math.exp(-(((hour - 10) / 3) ** 2))) *
        (weekend ? 0.75 : 1)
      );
    case 'night':
      return hour >= 1 && hour < 4 ? 1 : 0;
  }
}

function isWeekend(time: number): boolean {
  return Math.floor((time - FIRST_MONDAY) / DAY_MS) % 7 >= 5;
}

function shapeAt(rhythm: Rhythm, time: number): number {
  return shape(rhythm, (time % DAY_MS) / HOUR_MS, isWeekend(time));
}

/** Mean of the shape over a week, in steps of ten minutes. */
function meanShape(rhythm: Rhythm): number {
  const step = HOUR_MS / 6;
  let sum = 0;
  for (let time = FIRST_MONDAY; time < FIRST_MONDAY + 7 * DAY_MS; time += step) sum += shapeAt(rhythm, time);
  return (sum * step) / (7 * DAY_MS);
}

const MEAN_SHAPE: Readonly<Record<Rhythm, number>> = {
  office: meanShape('office'),
  consumer: meanShape('consumer'),
  night: meanShape('night'),
};

/** The product grows: traffic rises by a fifth over the month, around its mean. */
function growth({ anchor }: Timeline, time: number): number {
  const monthShare = (time - anchor) / (30 * DAY_MS) + 0.5;
  return 1 + 0.2 * Math.min(0.5, Math.max(-0.5, monthShare));
}

/** Traffic at the time relative to the average. Its mean over a week is 1. */
export function trafficFactor(rhythm: Rhythm, timeline: Timeline, time: number): number {
  return (shapeAt(rhythm, time) / MEAN_SHAPE[rhythm]) * growth(timeline, time);
}

/**
 * The incident: two hours in the afternoon (UTC) of the sixth day before the day of the anchor. If
 * that day is on a weekend, the incident is on the next Monday, because weekends have too little
 * traffic to show it. The interval is half-open.
 */
export function incidentOf({ anchor }: Timeline): { readonly from: number; readonly to: number } {
  let day = Math.floor(anchor / DAY_MS) * DAY_MS - 6 * DAY_MS;
  while (isWeekend(day)) day += DAY_MS;
  const from = day + 14 * HOUR_MS;
  return { from, to: from + 2 * HOUR_MS };
}

const LIVE_INCIDENT_EVERY_MS = 10 * 60_000;
const LIVE_INCIDENT_FROM_MS = 60_000;
const LIVE_INCIDENT_TO_MS = 4 * 60_000;

/**
 * Whether the live events are in an incident. Live incidents are short, so that viewers do not wait
 * long: three minutes of every ten, first one minute after the live events began.
 */
export function isLiveIncident(began: number, time: number): boolean {
  const within = (time - began) % LIVE_INCIDENT_EVERY_MS;
  return within >= LIVE_INCIDENT_FROM_MS && within < LIVE_INCIDENT_TO_MS;
}
