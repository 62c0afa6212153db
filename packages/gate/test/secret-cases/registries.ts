/** Cases of rows/registries.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const REGISTRIES_CASES: FamilyCases = casesOf({
  "npm-token": { bad: ["npm_<w36>"], ok: ["npm_config_cache"] },
  "npm-auth-token": { bad: ["//acme.example/:_authToken=<uuid>"], ok: ["_authToken=${NPM_TOKEN}"] },
  "pypi-token": { bad: ["pypi-AgEIcHlwaS5vcmc<u150>"], ok: ["pypi-AgE"] },
  "rubygems-key": { bad: ["rubygems_<h48>"], ok: ["rubygems_version"] },
  "nuget-key": { bad: ["oy2<a43>"], ok: ["oy2<a9>"] },
  "crates-token": { bad: ["cio<w32>"], ok: ["cio<w5>"] },
  "docker-hub-token": { bad: ["dckr_pat_<u27>"], ok: ["dckr_pat_<w5>"] },
  "clojars-token": { bad: ["CLOJARS_<a60>"], ok: ["CLOJARS_USERNAME"] },
  "artifactory-key": { bad: ["AKCp8<w68>"], ok: ["AKCp<w6>"] },
  "artifactory-reference-token": { bad: ["cmVmdGtu<w56>"], ok: ["cmVmdGtu<w6>"] },
  "artifactory-password": { bad: ["artifactory_password=AP6<w30>"], ok: ["artifactory APIs"] },
  "cloudsmith-key": { bad: ["CLOUDSMITH_API_KEY=<h40>"], ok: ["cloudsmith: <h7>"] },
  "packagist-token": { bad: ["packagist_uut_<h68>"], ok: ["packagist_url"] },
  "hex-key": { bad: ["HEX_API_KEY=<h32>"], ok: ["HEX_API_KEY=<h6>"] },
  "docker-auth": {
    bad: ['{"auths":{"acme.example":{"auth":"<basic20>"}}}'],
    ok: ['"auth": "basic"'],
  },
  "quay-robot-token": { bad: ["quay_password: <A64>"], ok: ["quay: latest"] },
});
