/** Names of secrets that may be any word, so that only the name before them identifies them. */
export const PASSWORD = 'passw(?:or)?d|pwd|passphrase|passcode|secret(?:[-_ ]?key)?';

/** "pass" as part of a password's name. By itself it counts what passed: `pass=12`. */
export const PASS =
  '(?:db|user|redis|smtp|imap|mysql|pg|postgres|database|mail|root|admin|ftp|ssh|proxy|auth|login|http|ldap|' +
  'mongo|rabbit(?:mq)?|amqp|keystore|truststore|ssl|key)[-_]?pass';

/** Names of keys that programs generate. */
export const KEY =
  '(?:api|access|private|auth|signing|encryption|master|hmac|shared[-_ ]?access)[-_ ]?key|credentials?';

/** Names that mean the key of a row just as often. Only a long value is a secret. */
export const ROW_KEY =
  '(?:account|app(?:lication)?|admin|client|consumer|deploy|functions?|host|ingestion|instrumentation|' +
  'integration|licen[cs]e|routing|service|shared|storage|subscription|webhook)[-_ ]?key|shared[-_ ]?access[-_ ]?signature';

/** A word that grammars use as well: "Unexpected token: identifier". */
export const TOKEN = 'token';

/** Tokens that no grammar has, and that nobody counts: "access_token", but not "session_tokens". */
export const ACCESS_TOKEN =
  '(?:access|auth|refresh|api|id|csrf|xsrf|bearer|bot|deploy|personal|security|session)[-_ ]?token';

/** Names of headers whose every value is a secret. */
export const HEADER = '(?:proxy-)?authorization|(?:set-)?cookie2?';
