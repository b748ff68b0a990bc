/** Tokens of one provider that share a form: one of the prefixes, then the rest. */
export interface TokenForm {
  readonly provider: string;
  /** Where the form is described: `gitleaks:` and rules of its default list, or documentation. */
  readonly source: string;
  /** Literal, in the case in which providers write them. */
  readonly prefixes: readonly string[];
  /**
   * A regular expression for what follows the prefix. It needs no end, because texts may be cut
   * off.
   */
  readonly rest: string;
}

/**
 * One long word of letters and digits. A name such as npm_registry_proxy has several short ones.
 */
const WORD = '[A-Za-z0-9]{16,}';
/** Words with - and _ in which letters and digits touch, unlike names such as sk-learn-pipeline. */
const MIXED = String.raw`(?=[\w-]{0,60}(?:\d[A-Za-z]|[A-Za-z]\d))[\w-]{12,}`;
/** Anything that is long enough, after a prefix that no word has. */
const LONG = String.raw`[\w-]{10,}`;
const HEX = '[0-9a-f]{16,}';

const form = (provider: string, source: string, prefixes: readonly string[], rest: string): TokenForm => ({
  provider,
  source,
  prefixes,
  rest,
});

/** The beginning of a token says whose it is. Ordered by provider. */
export const TOKEN_FORMS: readonly TokenForm[] = [
  form('1Password', 'gitleaks: 1password-service-account-token', ['ops_eyJ'], LONG),
  form('1Password', 'gitleaks: 1password-secret-key', ['A3-'], '[A-Z0-9]{6}-[A-Z0-9-]{11,}'),
  form('Adobe', 'gitleaks: adobe-client-secret', ['p8e-'], WORD),
  form('age', 'gitleaks: age-secret-key', ['AGE-SECRET-KEY-1'], '[0-9A-Z]{10,}'),
  form(
    'Airtable',
    'gitleaks: airtable-personnal-access-token',
    ['pat'],
    String.raw`[A-Za-z0-9]{14}\.[0-9a-f]{16,}`,
  ),
  form('Alibaba Cloud', 'gitleaks: alibaba-access-key-id', ['LTAI'], '[A-Za-z0-9]{12,}'),
  form(
    'Anthropic, OpenAI, OpenRouter, DeepSeek',
    'gitleaks: anthropic-api-key, anthropic-admin-api-key, openai-api-key',
    ['sk-'],
    MIXED,
  ),
  form(
    'Artifactory',
    'gitleaks: artifactory-api-key, artifactory-reference-token',
    ['AKCp', 'cmVmd'],
    '[A-Za-z0-9]{30,}',
  ),
  form(
    'Asana',
    'developers.asana.com, "Personal access token"',
    ['1/', '2/'],
    String.raw`\d{10,}(?:\/\d{10,})?:[0-9a-f]{8,}`,
  ),
  form('Atlassian', 'gitleaks: atlassian-api-token', ['ATATT3', 'ATCTT3', 'ATBB'], String.raw`[\w=-]{20,}`),
  form(
    'AWS',
    'gitleaks: aws-access-token; docs.aws.amazon.com, "IAM identifiers"',
    ['AKIA', 'ASIA', 'ABIA', 'ACCA', 'AROA', 'AIDA', 'AGPA', 'ANPA'],
    '[A-Z0-9]{8,}',
  ),
  form(
    'AWS Bedrock',
    'gitleaks: aws-amazon-bedrock-api-key-long-lived, -short-lived',
    ['ABSK', 'bedrock-api-key-'],
    '[A-Za-z0-9+/]{30,}',
  ),
  form('Brevo', 'gitleaks: sendinblue-api-token', ['xkeysib-', 'xsmtpsib-'], HEX),
  form('Cerebras, Fireworks', 'inference-docs.cerebras.ai; docs.fireworks.ai', ['csk-', 'fw_'], WORD),
  form('Clojars', 'gitleaks: clojars-api-token', ['CLOJARS_'], WORD),
  form('Cloudflare', 'gitleaks: cloudflare-origin-ca-key', ['v1.0-'], '[0-9a-f]{24}-[0-9a-f]{16,}'),
  form('Databricks', 'gitleaks: databricks-api-token', ['dapi'], HEX),
  form(
    'DigitalOcean',
    'gitleaks: digitalocean-pat, -access-token, -refresh-token',
    ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    HEX,
  ),
  form(
    'Discord',
    'gitleaks: discord-api-token',
    ['M', 'N', 'O'],
    String.raw`[\w-]{23,27}\.[\w-]{6}\.[\w-]{20,}`,
  ),
  form('Docker', 'docs.docker.com, "Personal access tokens"', ['dckr_pat_', 'dckr_oat_'], LONG),
  form(
    'Doppler',
    'gitleaks: doppler-api-token',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.'],
    String.raw`(?:[\w-]{2,35}\.)?[A-Za-z0-9]{16,}`,
  ),
  form('Duffel', 'gitleaks: duffel-api-token', ['duffel_test_', 'duffel_live_'], LONG),
  form(
    'Dynatrace',
    'gitleaks: dynatrace-api-token',
    ['dt0c01.', 'dt0s01.', 'dt0s16.'],
    String.raw`[A-Za-z0-9]{16,}(?:\.[A-Za-z0-9]+)?`,
  ),
  form(
    'EasyPost',
    'gitleaks: easypost-api-token, easypost-test-api-token',
    ['EZAK', 'EZTK'],
    '[A-Za-z0-9]{30,}',
  ),
  form('Facebook', 'gitleaks: facebook-page-access-token', ['EAAM', 'EAAC'], '[A-Za-z0-9]{60,}'),
  form('Figma', 'developers.figma.com, "Personal access tokens"', ['figd_', 'figo_'], LONG),
  form(
    'Flutterwave',
    'gitleaks: flutterwave-secret-key',
    ['FLWSECK-', 'FLWSECK_TEST-'],
    '[0-9a-zA-Z]{12,}(?:-X)?',
  ),
  form(
    'Fly.io',
    'gitleaks: flyio-access-token',
    ['fo1_', 'fm1r_', 'fm1a_', 'fm2_'],
    '[A-Za-z0-9+/_-]{20,}={0,3}',
  ),
  form('Frame.io', 'gitleaks: frameio-api-token', ['fio-u-'], MIXED),
  form(
    'GitHub',
    'gitleaks: github-pat, github-oauth, github-app-token, github-refresh-token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    '[A-Za-z0-9]{10,}',
  ),
  form('GitHub', 'gitleaks: github-fine-grained-pat', ['github_pat_'], LONG),
  form(
    'GitLab',
    'gitleaks: gitlab-*',
    [
      'glpat-',
      'gldt-',
      'glrt-',
      'glptt-',
      'glcbt-',
      'glft-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glsoat-',
      'glffct-',
      'GR1348941',
    ],
    String.raw`[\w.-]{10,}`,
  ),
  form('Google', 'gitleaks: gcp-api-key', ['AIza'], String.raw`[\w-]{16,}`),
  form('Google', 'developers.google.com, "Using OAuth 2.0"', ['GOCSPX-', 'ya29.'], LONG),
  form(
    'Google',
    'developers.google.com, "Using OAuth 2.0" (refresh tokens)',
    ['1//0'],
    String.raw`[\w-]{20,}`,
  ),
  form(
    'Grafana',
    'gitleaks: grafana-cloud-api-token, grafana-service-account-token',
    ['glc_', 'glsa_'],
    '[A-Za-z0-9+/]{16,}(?:_[0-9A-Fa-f]{1,8})?={0,3}',
  ),
  form('Groq', 'console.groq.com/docs', ['gsk_'], WORD),
  form(
    'Harness',
    'gitleaks: harness-api-key',
    ['pat.', 'sat.'],
    String.raw`[\w-]{22}\.[A-Za-z0-9]{10,}(?:\.[A-Za-z0-9]+)?`,
  ),
  form(
    'HashiCorp Vault',
    'gitleaks: vault-service-token, vault-batch-token',
    ['hvs.', 'hvb.', 'hvr.'],
    String.raw`[\w-]{16,}`,
  ),
  form('Heroku', 'gitleaks: heroku-api-key-v2', ['HRKU-'], String.raw`[\w-]{16,}`),
  form(
    'Hugging Face',
    'gitleaks: huggingface-access-token, huggingface-organization-api-token',
    ['hf_', 'api_org_'],
    WORD,
  ),
  form('Infracost', 'gitleaks: infracost-api-token', ['ico-'], WORD),
  form(
    'JSON Web Token',
    'RFC 7519; gitleaks: jwt, jwt-base64, grafana-api-key',
    ['eyJ', 'ZXlK'],
    String.raw`[\w-]{8,}(?:\.[\w-]*){0,4}`,
  ),
  form('LangSmith', 'docs.smith.langchain.com, "API keys"', ['lsv2_pt_', 'lsv2_sk_'], LONG),
  form(
    'Langfuse, Stripe, Clerk',
    'gitleaks: stripe-access-token; docs.stripe.com/keys',
    ['sk_', 'rk_'],
    MIXED,
  ),
  form('Linear', 'gitleaks: linear-api-key', ['lin_api_', 'lin_oauth_'], WORD),
  form('Mailgun', 'gitleaks: mailgun-private-api-token', ['key-'], '[0-9a-f]{32}'),
  form(
    'New Relic',
    'gitleaks: new-relic-user-api-key, new-relic-insert-key',
    ['NRAK-', 'NRII-', 'NRJS-', 'NRRA-'],
    String.raw`[\w-]{16,}`,
  ),
  form('Notion', 'gitleaks: notion-api-token', ['ntn_'], WORD),
  form('npm', 'gitleaks: npm-access-token', ['npm_'], WORD),
  form('NVIDIA', 'docs.api.nvidia.com', ['nvapi-'], LONG),
  form('Octopus Deploy', 'gitleaks: octopus-deploy-api-key', ['API-'], '[A-Z0-9]{16,}'),
  form('OpenShift', 'gitleaks: openshift-user-token', ['sha256~'], LONG),
  form(
    'Perplexity, xAI, Replicate',
    'gitleaks: perplexity-api-key; docs.x.ai; replicate.com/docs',
    ['pplx-', 'xai-', 'r8_'],
    WORD,
  ),
  form(
    'PlanetScale',
    'gitleaks: planetscale-api-token, -oauth-token, -password',
    ['pscale_tkn_', 'pscale_oauth_', 'pscale_pw_'],
    String.raw`[\w=.-]{10,}`,
  ),
  form('PostHog', 'posthog.com/docs/api', ['phx_', 'phs_'], WORD),
  form('Postman', 'gitleaks: postman-api-token', ['PMAK-'], LONG),
  form('Prefect', 'gitleaks: prefect-api-token', ['pnu_', 'pnb_'], WORD),
  form('Pulumi', 'gitleaks: pulumi-api-token', ['pul-'], HEX),
  form('PyPI', 'gitleaks: pypi-upload-token', ['pypi-'], String.raw`(?=[\w-]{0,60}\d)[\w-]{16,}`),
  form('ReadMe', 'gitleaks: readme-api-token', ['rdme_'], '[a-z0-9]{16,}'),
  form('Resend', 'resend.com/docs', ['re_'], '[A-Za-z0-9]{8}_[A-Za-z0-9]{16,}'),
  form('RubyGems', 'gitleaks: rubygems-api-token', ['rubygems_'], HEX),
  form('Scalingo', 'gitleaks: scalingo-api-token', ['tk-us-'], MIXED),
  form('SendGrid', 'gitleaks: sendgrid-api-token', ['SG.'], String.raw`[\w-]{16,}(?:\.[\w-]+)?`),
  form(
    'Sentry',
    'gitleaks: sentry-org-token, sentry-user-token',
    ['sntrys_', 'sntryu_'],
    '[A-Za-z0-9+/_=]{16,}',
  ),
  form('SettleMint', 'gitleaks: settlemint-*', ['sm_aat_', 'sm_pat_', 'sm_sat_'], '[A-Za-z0-9]{8,}'),
  form('Shippo', 'gitleaks: shippo-api-token', ['shippo_live_', 'shippo_test_'], HEX),
  form(
    'Shopify',
    'gitleaks: shopify-*',
    ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'],
    '[0-9A-Fa-f]{16,}',
  ),
  form(
    'Slack',
    'gitleaks: slack-*',
    ['xoxa-', 'xoxb-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.xox', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    String.raw`[\w%-]{10,}`,
  ),
  form(
    'Sourcegraph',
    'gitleaks: sourcegraph-access-token',
    ['sgp_'],
    '(?:[0-9A-Fa-f]{16}_|local_)?[0-9A-Fa-f]{16,}',
  ),
  form('Square', 'gitleaks: square-access-token', ['sq0atp-', 'sq0csp-'], LONG),
  form('Supabase', 'supabase.com/docs, "API keys"', ['sbp_', 'sb_secret_'], LONG),
  form('Telltale', 'docs/access.md', ['tlt_'], MIXED),
  form('Twilio', 'gitleaks: twilio-api-key', ['SK'], '[0-9a-fA-F]{32}'),
  form(
    'Webhook secrets',
    'standardwebhooks.com; docs.stripe.com/webhooks',
    ['whsec_', 'whsk_'],
    '[A-Za-z0-9+/=_-]{10,}',
  ),
];
