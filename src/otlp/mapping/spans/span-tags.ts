import type { Attributes, AttributeValue } from '../../protocol/telemetry.ts';
import { asText } from '../attributes.ts';
import { type CommonFields, LONGEST_TAG, LONGEST_TAG_NAME, MAX_TAGS } from '../sender.ts';
import { detailsOf } from './json-attributes.ts';

/**
 * The prefixes that libraries use for what people say about a call. The rest of the name is the one
 * that they chose.
 */
const METADATA =
  /^(?:ai\.telemetry\.metadata|ai\.settings\.context|traceloop\.association\.properties|langfuse\.(?:trace|observation)\.metadata|langsmith\.metadata)\./;
/** OpenInference puts all metadata into one attribute, as JSON. */
const JSON_METADATA = 'metadata';
const NAMED: ReadonlyMap<string, string> = new Map([
  ['ai.telemetry.functionId', 'functionId'],
  ['traceloop.workflow.name', 'workflow'],
]);
/** Names that have their own column, or that the libraries add for themselves. */
const NO_TAG =
  /^(?:user_?id|session_?id|thread_?id|conversation_?id|ls_.*|langsmith.*|langfuse.*|usage_metadata|revision_id|__.*)$/i;

/** The tags of a span: those of its resource, and its metadata, which takes precedence. */
export function tagsOfSpan(attributes: Attributes, common: CommonFields['tags']): CommonFields['tags'] {
  if (!hasMetadata(attributes)) return common;
  const own: Record<string, string> = {};
  const add = (name: string, value: AttributeValue | undefined) => {
    const text = asText(value);
    if (text === undefined || text.length > LONGEST_TAG) return;
    if (name === '' || name.length > LONGEST_TAG_NAME || NO_TAG.test(name)) return;
    own[name] = text;
  };
  attributes.forEach((value, name) => {
    const named = NAMED.get(name);
    if (named !== undefined) add(named, value);
    else if (name === JSON_METADATA) for (const [key, one] of Object.entries(detailsOf(value))) add(key, one);
    else if (METADATA.test(name)) add(name.replace(METADATA, ''), value);
  });
  // The span's own tags come first: if there are too many, those of the resource are dropped.
  return Object.fromEntries(Object.entries({ ...own, ...common, ...own }).slice(0, MAX_TAGS));
}

function hasMetadata(attributes: Attributes): boolean {
  let has = false;
  attributes.forEach((_, name) => {
    if (mayBeMetadata(name.charCodeAt(0))) has ||= isMetadata(name);
  });
  return has;
}

const [A, L, M, T] = [...'almt'].map((letter) => letter.charCodeAt(0));

/**
 * Whether a metadata name can begin with this letter: most attributes begin with others, and need
 * no comparison.
 */
const mayBeMetadata = (letter: number): boolean =>
  letter === A || letter === L || letter === M || letter === T;

const isMetadata = (name: string): boolean =>
  NAMED.has(name) || name === JSON_METADATA || METADATA.test(name);
