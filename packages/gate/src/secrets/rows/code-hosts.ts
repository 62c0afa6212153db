/** Code hosts: tokens of people, apps, runners and deployments. */
import { beside } from "../beside.ts";
import { hasBase62Checksum } from "../checksums.ts";
import { FILLER } from "../filler.ts";
import { NO_DIGIT } from "../filters.ts";
import { inFamily, type SecretRow } from "../row.ts";
import { IN_PLACE } from "../weigh-token.ts";

export const CODE_HOSTS_ROWS: readonly SecretRow[] = inFamily("code-hosts", [
  {
    id: "github-token",
    kind: "GitHub token",
    vendor: "GitHub",
    harm: "critical",
    source:
      "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    keywords: ["ghp_", "gho_", "ghu_", "ghr_"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))gh[pour]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y,
    validate: (token) => (hasBase62Checksum(token) ? "valid" : "unknown"),
    weigh: IN_PLACE,
  },
  {
    id: "github-app-token",
    kind: "GitHub app token",
    vendor: "GitHub",
    harm: "critical",
    source:
      "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    keywords: ["ghs_"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))ghs_[A-Za-z0-9._-]{36,520}(?![\w-])/y,
  },
  {
    id: "github-refresh-token",
    kind: "GitHub refresh token",
    vendor: "GitHub",
    harm: "critical",
    source:
      "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    keywords: ["ghr_"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))ghr_[A-Za-z0-9]{37,251}(?![A-Za-z0-9])/y,
  },
  {
    id: "github-fine-grained-token",
    kind: "GitHub fine-grained token",
    vendor: "GitHub",
    harm: "critical",
    source:
      "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    keywords: ["github_pat_"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])/y,
  },
  {
    id: "gitlab-token",
    kind: "GitLab personal access token",
    vendor: "GitLab",
    harm: "critical",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glpat-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glpat-[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-deploy-token",
    kind: "GitLab deploy token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["gldt-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))gldt-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-runner-token",
    kind: "GitLab runner token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glrt-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glrt-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-runner-registration-token",
    kind: "GitLab runner registration token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glrtr-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glrtr-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-ci-job-token",
    kind: "GitLab CI job token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glcbt-"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))glcbt-(?:[A-Za-z0-9]{1,5}_)?[\w-]{20,64}(?![\w-])/y,
  },
  {
    id: "gitlab-trigger-token",
    kind: "GitLab trigger token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glptt-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glptt-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-feed-token",
    kind: "GitLab feed token",
    vendor: "GitLab",
    harm: "medium",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glft-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glft-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-incoming-mail-token",
    kind: "GitLab incoming mail token",
    vendor: "GitLab",
    harm: "medium",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glimt-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glimt-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-agent-token",
    kind: "GitLab agent token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glagent-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glagent-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-scim-token",
    kind: "GitLab SCIM token",
    vendor: "GitLab",
    harm: "critical",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glsoat-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glsoat-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-oauth-application-secret",
    kind: "GitLab OAuth application secret",
    vendor: "GitLab",
    harm: "critical",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["gloas-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))gloas-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-feature-flags-client-token",
    kind: "GitLab feature flags client token",
    vendor: "GitLab",
    harm: "medium",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glffct-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glffct-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-workspace-token",
    kind: "GitLab workspace token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["glwt-"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))glwt-(?:t\d_)?[\w-]{20,300}(?:\.[a-z0-9]{2}\.[a-z0-9]{7,9})?(?![\w-])/y,
  },
  {
    id: "gitlab-registration-token",
    kind: "GitLab runner registration token",
    vendor: "GitLab",
    harm: "high",
    source: "https://docs.gitlab.com/security/tokens/",
    keywords: ["gr1348941"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))GR1348941[\w-]{20}(?![\w-])/y,
  },
  {
    id: "bitbucket-app-password",
    kind: "Bitbucket app password",
    vendor: "Atlassian",
    harm: "critical",
    source: "https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/",
    keywords: ["atbb"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))ATBB[A-Za-z0-9]{24,32}[A-F0-9]{0,8}(?![A-Za-z0-9])/y,
    entropy: 3.2,
  },
  {
    id: "bitbucket-access-token",
    kind: "Bitbucket access token",
    vendor: "Atlassian",
    harm: "critical",
    source: "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
    keywords: ["atctt3"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))ATCTT3[\w=-]{100,400}/y,
  },
  {
    id: "bitbucket-data-center-token",
    kind: "Bitbucket Data Center token",
    vendor: "Atlassian",
    harm: "critical",
    source: "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
    keywords: ["bbdc-"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))BBDC-[A-Za-z0-9+/@_-]{40,50}(?![\w+/-])/y,
  },
  {
    id: "azure-devops-token",
    kind: "Azure DevOps token",
    vendor: "Microsoft",
    harm: "critical",
    source:
      "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
    keywords: ["azdo"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g,
  },
  {
    id: "azure-devops-former-token",
    kind: "Azure DevOps token",
    vendor: "Microsoft",
    harm: "critical",
    source:
      "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
    keywords: ["azure", "devops", "vsts", "visualstudio", "ado_", "_ado"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))[a-z2-7]{52}(?![A-Za-z0-9])/g,
    near: 80,
    entropy: 3.7,
    clears: [FILLER, NO_DIGIT],
  },
  {
    id: "gitea-token",
    kind: "Gitea or Forgejo token",
    vendor: "Gitea",
    harm: "high",
    source: "https://docs.gitea.com/development/api-usage",
    keywords: ["gitea", "forgejo", "codeberg"],
    entropy: 3,
    ...beside("(?:gitea|forgejo|codeberg)", "[a-f0-9]{40}"),
  },
  {
    id: "gitee-token",
    kind: "Gitee token",
    vendor: "Gitee",
    harm: "high",
    source: "https://gitee.com/api/v5/oauth_doc",
    keywords: ["gitee"],
    entropy: 3,
    ...beside("gitee", "[a-f0-9]{32}"),
  },
  {
    id: "sourcegraph-token",
    kind: "Sourcegraph token",
    vendor: "Sourcegraph",
    harm: "high",
    source: "https://sourcegraph.com/docs/cli/how-tos/creating-an-access-token",
    keywords: ["sgp_"],
    pattern:
      /(?<![A-Za-z0-9](?<!\\[nrt]))sgp_(?:(?:[a-f0-9]{16}|local)_)?[a-f0-9]{40}(?![A-Za-z0-9])/y,
  },
  {
    id: "sourcegraph-license",
    kind: "Sourcegraph Cody token",
    vendor: "Sourcegraph",
    harm: "high",
    source: "https://sourcegraph.com/docs/cody/clients/install-vscode",
    keywords: ["slk_", "sgd_"],
    pattern: /(?<![A-Za-z0-9](?<!\\[nrt]))(?:slk|sgd)_[a-f0-9]{64}(?![A-Za-z0-9])/y,
  },
  {
    id: "github-oauth-secret",
    kind: "GitHub OAuth client secret",
    vendor: "GitHub",
    harm: "high",
    source: "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/creating-an-oauth-app",
    keywords: ["github"],
    entropy: 3,
    ...beside("github[\\w-]{0,20}secret", "[a-f0-9]{40}"),
  },
]);
