/**
 * What a path says of its file: tests, examples and documents hold values that open nothing, lock
 * files and bundles hold hashes and machine-made text. A path alone never clears a token that is
 * known by its own shape.
 */

const TEST =
  /(?:^|[/_.-])(?:tests?|specs?|__tests__|__mocks__|mocks?|fixtures?|testdata|testing|e2e|cypress|stubs?|snapshots?|__snapshots__|cassettes?|recordings?|conftest|unittests?|testsuite)(?:[/_.-]|$)|[a-z](?:Test|Tests|Spec|TestCase|IT)\.[a-z]+$/;
const DOCS =
  /(?:^|\/)(?:docs?(?:[_-]src)?|documentation|examples?|samples?|demos?|tutorials?|guides?|man|website|site)\/|(?:^|[/._-])(?:example|sample|dummy|dist|template|tmpl|tpl|readme|changelog|changes|history|news|contributing|security|upgrading|migrating)(?:[._-][\w.-]{0,20})?$|\.(?:md|mdx|markdown|rst|adoc|asciidoc|textile|rdoc|pod|tex|txt\.erb)$/i;
const GENERATED =
  /(?:^|\/)(?:\.yarn|\.pnp\.cjs|node_modules|bower_components|vendor|third[_-]?party|dist|build|out)\/|(?:[.-]min\.(?:js|css|mjs|cjs)|\.map|\.bundle\.js|\.chunk\.js|[.-]lock(?:\.json)?|\.lockb|(?:package-lock|npm-shrinkwrap|pnpm-lock|composer\.lock|Cargo\.lock|Gemfile\.lock|Podfile\.lock|go\.sum|flake\.lock)(?:\.json|\.yaml)?|\.snap|\.svg|\.po|\.pot|\.xliff|\.resx|\.strings)$/i;
const LOCALE =
  /(?:^|\/)(?:locales?|i18n|l10n|lang|langs|languages?|translations?|messages|nls)\/|(?:^|[/_.-])(?:messages|locale|strings)[_.-][a-z]{2}(?:[_-][A-Za-z]{2})?\.[a-z]+$/i;

const FIXTURE = /(?:^|\/)(?:test[-_]?)?(?:fixtures?|testdata)\//i;
const MADE = /test|e2e|example|dummy|sample|fake|mock|snake-?oil|self-?signed/i;

/** A key whose own file, among fixtures, says that it is one: `testdata/example.key`. */
export function isMadeForTests(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /snake-?oil/i.test(name) || (FIXTURE.test(path) && MADE.test(name));
}

const THROW_AWAY =
  /(?:^|\/)(?:\.github\/|\.(?:travis|gitlab-ci|cirrus|drone)\.ya?ml$|\.circleci\/)/;

/** Tests, fixtures, examples and documents: what stands there is mostly made up. */
export function isTestOrDocs(path: string): boolean {
  return isTest(path) || DOCS.test(path);
}

/** Tests and their fixtures. */
export function isTest(path: string): boolean {
  return TEST.test(path);
}

/** Where passwords are those of a database that lives as long as its test does. */
export function isThrowAway(path: string): boolean {
  return THROW_AWAY.test(path);
}

/** Lock files, bundles, maps, snapshots, vendored code: a machine wrote it. */
export function isGenerated(path: string): boolean {
  return GENERATED.test(path);
}

/** Translations: `password: "Mot de passe"` is a label. */
export function isLocale(path: string): boolean {
  return LOCALE.test(path);
}
