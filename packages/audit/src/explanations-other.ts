/** Explanations of the claim types that need a command, a host, an engine, an event file or the whole run. */
import type { ClaimExplanation } from "./explanations.ts";

export const OTHER_EXPLANATIONS: Readonly<Record<string, ClaimExplanation>> = {
  "suite.passes": {
    holds: "exit 0, tests ran, none failed, no fewer and no more skipped than before",
    contradicted:
      "tests fail at every attempt that passed before the run or are new, and not by the auditor's surroundings",
    open: "no test counted or no whole report, fewer tests or more skips, what decides was changed (WITNESS_TAMPERED), the same fails before the run or now and then, a try that failed beside one that passed, time-out, flaky",
    bad: "suite.passes command=unit   (a test fails)",
  },
  "test.passes": {
    holds: "each id ran and passed, with the run's and with the base's test files",
    contradicted: "one ran and failed at every attempt",
    open: "not collected, time-out, flaky, WITNESS_TAMPERED",
    bad: 'test.passes command=unit id="keys › broken"',
  },
  "test.added": {
    holds:
      "the ids are collected at P and not at S; the report says whether they fail without the change",
    contradicted: "they were there as often, or are not collected and written nowhere",
    open: "the command cannot run at S or P; it failed at S, where a file that did not load may hold them",
    bad: 'test.added command=unit id="an old test"',
  },
  "test.intact": {
    holds: "no test of S was deleted, skipped or loosened by the run",
    contradicted: "never: what looks weakened is shown, and a person judges",
    open: "a test file, configuration or snapshot was touched (WITNESS_TAMPERED)",
    bad: "test.intact   (the run added a skip)",
  },
  "build.passes": {
    holds: "the command ends with 0",
    contradicted: "it fails at every attempt and passed before the run",
    open: "time-out, tool missing, not in the policy",
    bad: "build.passes command=build   (it fails)",
  },
  "lint.passes": {
    holds: "the command ends with 0 and the run adds no suppression",
    contradicted: "it fails at every attempt and passed before the run",
    open: "new suppressions, time-out, not in the policy",
    bad: "lint.passes command=lint   (it fails)",
  },
  "types.pass": {
    holds: "the command ends with 0 and the run adds no suppression",
    contradicted: "it fails at every attempt and passed before the run",
    open: "new suppressions, time-out, not in the policy",
    bad: "types.pass command=types   (it fails)",
  },
  "coverage.atLeast": {
    holds: "the report of the auditor's own run says at least so much",
    contradicted: "it says less",
    open: "no whole report of that run, tests that fail or are skipped, or so where a tool rounds it",
    bad: "coverage.atLeast metric=lines value=101",
  },
  "coverage.lines": {
    holds: "the report of the auditor's own run fits the comparison",
    contradicted: "it does not",
    open: "no whole report of that run, tests that fail or are skipped, or so where a tool rounds it",
    bad: 'coverage.lines op=">=" value=101',
  },
  "coverage.branches": {
    holds: "the report of the auditor's own run fits the comparison",
    contradicted: "it does not",
    open: "no whole report of that run, tests that fail or are skipped, or so where a tool rounds it",
    bad: 'coverage.branches op=">=" value=101',
  },
  "coverage.functions": {
    holds: "the report of the auditor's own run fits the comparison",
    contradicted: "it does not",
    open: "no whole report of that run, tests that fail or are skipped, or so where a tool rounds it",
    bad: 'coverage.functions op=">=" value=101',
  },
  "coverage.statements": {
    holds: "the report of the auditor's own run fits the comparison",
    contradicted: "it does not",
    open: "no whole report of that run, tests that fail or are skipped, or so where a tool rounds it",
    bad: 'coverage.statements op=">=" value=101',
  },
  "cmd.exit": {
    holds: "the command ends with this code at every attempt",
    contradicted: "it ends with another at every attempt: well, or as before the run it did not",
    open: "time-out, signal, 126 and 127; attempts disagree; not in the policy",
    bad: "cmd.exit command=unit value=7",
  },
  "cmd.output": {
    holds: "the command's output holds the text at every attempt",
    contradicted: "it never does",
    open: "as cmd.exit",
    bad: 'cmd.output command=unit literal="not printed"',
  },
  "proc.running": {
    holds: "such a process runs on the auditor's host",
    contradicted: "asked now, the host has none; a recorded claim never",
    open: "claimed too long ago (audit.window), gone by now, no permission; it runs in a container below, or only shows the name (a title of its own, a script behind options)",
    bad: "proc.running name=nothing-of-this-name",
  },
  "proc.stopped": {
    holds: "the host was looked at and has none",
    contradicted: "asked now, such a process runs; a recorded claim never",
    open: "claimed too long ago (audit.window), gone by now, no permission; one runs in a container below, or only shows the name",
    bad: "proc.stopped name=node   (one runs)",
  },
  "port.listening": {
    holds: "a socket listens there (and belongs to that process)",
    contradicted: "asked now, nothing listens there; a recorded claim never",
    open: "claimed too long ago (audit.window), gone by now, no permission; IPv6 alone or both, an address that is not this machine's, a socket of systemd, a port that is handed on to a container",
    bad: "port.listening port=1",
  },
  "port.closed": {
    holds: "the host was looked at and nothing listens there",
    contradicted: "asked now, something listens; a recorded claim never",
    open: "claimed too long ago (audit.window), gone by now, no permission; no socket is listed and yet a connection is taken",
    bad: "port.closed port=8080   (something listens)",
  },
  "http.responds": {
    holds: "it answered so",
    contradicted: "asked now, it answers otherwise at every attempt; a recorded claim never",
    open: "refused, time-out, DNS; a body that broke off or is too long; a redirection to what is claimed; an address that the policy does not allow",
    bad: "http.responds url=http://127.0.0.1:8080/ status=418",
  },
  "dns.resolves": {
    holds: "the name server answers these values (audit.resolvers, or this machine's)",
    contradicted:
      "asked now, it answers others, none, or that there is no such name; a recorded claim never",
    open: "SERVFAIL, REFUSED, time-out; this machine's own files say otherwise; a name that the policy does not allow",
    bad: "dns.resolves name=localhost record=A values=192.0.2.1",
  },
  "tls.cert": {
    holds:
      "the host shows that certificate, or one valid so long that speaks for it (or for `name`); who signed it is not judged",
    contradicted:
      "asked now, it shows another, or one that does not hold so long; a recorded claim never",
    open: "refused, time-out, no TLS; it holds so long and speaks for another name",
    bad: "tls.cert host=localhost port=8443 validUntil=2099-01-01",
  },
  "svc.active": {
    holds: "systemd says active, reloading or refreshing",
    contradicted:
      "asked now, it says inactive or failed, or knows no such unit; a recorded claim never",
    open: "activating or deactivating; systemd does not rule this machine; a unit of another user",
    bad: "svc.active unit=no-such.service",
  },
  "svc.inactive": {
    holds: "systemd says inactive or failed, or knows no such unit",
    contradicted: "asked now, it says active, reloading or refreshing; a recorded claim never",
    open: "activating or deactivating; systemd does not rule this machine; a unit of another user",
    bad: "svc.inactive unit=nginx.service   (active)",
  },
  "ctr.running": {
    holds: "the engine says running, and made of that image where one is claimed",
    contradicted:
      "asked now, it says created, exited, dead or removing, has no such container, or another image; a recorded claim never",
    open: "paused, restarting; no engine, no permission, an answer that is none; several containers of a label that differ",
    bad: "ctr.running name=no-such-container",
  },
  "ctr.healthy": {
    holds: "it runs, and its health check says healthy",
    contradicted: "asked now, the check says unhealthy, or it does not run; a recorded claim never",
    open: "no engine, no health check, still starting",
    bad: "ctr.healthy name=shop   (unhealthy)",
  },
  "ctr.user": {
    holds: "it is configured so, and its first process has no other user",
    contradicted: "asked now, it runs as another; a recorded claim never",
    open: "no engine; it started as root and may have given that up; a number against a name",
    bad: "ctr.user name=shop user=root   (it runs as node)",
  },
  "img.digest": {
    holds: "the archive's manifest has this digest",
    contradicted: "it has another",
    open: "no archive there, or one that cannot be read",
    bad: "img.digest archive=image.tar sha256=<another>",
  },
  "img.lacks": {
    holds: "the layers, white-outs applied, leave no such path",
    contradicted: "they leave one",
    open: "no archive, a layer is missing or cannot be read",
    bad: "img.lacks archive=image.tar path=etc/passwd",
  },
  "img.user": {
    holds: "the image's configuration names this user",
    contradicted: "it names another",
    open: "a number against a name; no archive there, or one that cannot be read",
    bad: "img.user archive=image.tar user=root",
  },
  "img.label": {
    holds: "the image carries the label with this value",
    contradicted: "another value, or no such label",
    open: "no archive there, or one that cannot be read",
    bad: "img.label archive=image.tar label=version value=9",
  },
  "pkg.installed": {
    holds: "the tree's lock file holds the package in that range",
    contradicted: "it holds no such one",
    open: "no lock file, an unknown format, a range that cannot be compared",
    bad: "pkg.installed ecosystem=npm name=left-pad",
  },
  "pkg.absent": {
    holds: "the tree's lock files hold no such package",
    contradicted: "one holds it",
    open: "no lock file, an unknown format",
    bad: "pkg.absent ecosystem=npm name=yaml",
  },
  "dep.version": {
    holds: "the manifest asks for this version or range",
    contradicted: "it asks for another, or not for it",
    open: "no manifest, or one that does not parse; computed at run time",
    bad: "dep.version ecosystem=npm name=yaml version=1.0.0",
  },
  "dep.unchanged": {
    holds: "manifests ask for the same at S and at P",
    contradicted: "the run added, removed or changed one",
    open: "a manifest that does not parse or is not read; the same is asked for in another group, or under overrides; no run",
    bad: "dep.unchanged   (the run added a dependency)",
  },
  "lock.insync": {
    holds: "each requirement of the manifest is answered by the lock file",
    contradicted: "one is not answered, or by a version outside of it",
    open: "no lock file, or a format that says too little; overrides; the lock asks for more",
    bad: "lock.insync ecosystem=npm   (a dependency is missing in the lock)",
  },
  "ci.green": {
    holds: "in the event file all these checks succeeded for exactly that commit",
    contradicted: "one of them failed for it",
    open: "no event file; queued, cancelled, skipped, neutral; another commit",
    bad: "ci.green commit=run checks=ci   (it failed)",
  },
  "gh.issue": {
    holds: "the event file shows the issue in this state",
    contradicted: "it shows another state, later",
    open: "no event file, or nothing about it in there",
    bad: "gh.issue number=12 state=closed   (it is open)",
  },
  "gh.pr": {
    holds: "the event file shows the pull request in this state",
    contradicted: "it shows another state, later",
    open: "no event file, or nothing about it in there",
    bad: "gh.pr number=13 state=merged   (it is open)",
  },
  "gh.release": {
    holds: "the event file shows the release",
    contradicted: "it shows it in another state",
    open: "no event file, or nothing about it in there",
    bad: "gh.release tag=v1.2.0 state=published   (a draft)",
  },
  "secret.absent": {
    holds: "the scanner read all of the scope and found nothing of high confidence",
    contradicted: "it found one; the value is never shown",
    open: "no scanner here, a file too large, something of low confidence; a commit of the run held one and a later one took it away",
    bad: "secret.absent scope=src/**   (a token stands in src/a.ts)",
  },
  "instr.complete": {
    holds: "each deliverable that is a claim is TRUE",
    contradicted: "one is FALSE",
    open: "one is UNVERIFIABLE, or only text says it; what it says of a run is told by a run of its own; a draft",
    bad: "instr.complete   (a deliverable is missing)",
  },
  "diff.claimed": {
    holds: "each path of the run's diff is covered by a claim",
    contradicted: "never: what is uncovered is the finding audit/unclaimed",
    open: "something is uncovered (a claim that says nothing covers nothing), or history is not all here",
    bad: "diff.claimed   (src/b.ts is in no claim)",
  },
};
