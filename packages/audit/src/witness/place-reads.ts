/**
 * The table of what code reads of the place where it runs: clock, locale, environment, user, disk, other
 * programs. A test that asks for any of it may pass on its writer's machine and fail on the auditor's, with
 * nothing wrong in either, so its failure contradicts nobody. One row a thing; a row too many costs an
 * answer, a row too few accuses an honest worker.
 */

export interface PlaceRead {
  /** What it reads, for people. */
  readonly of: string;
  readonly pattern: RegExp;
}

export const PLACE_READS: readonly PlaceRead[] = [
  {
    of: "the clock or the time zone",
    pattern:
      /\bnew Date\b|\bDate\.(?:now|parse|UTC)\b|\bperformance\.(?:now|mark|measure)\b|\bhrtime\b|\bset(?:Timeout|Interval)\s*\(|\bTemporal\.|\b(?:get|set)(?:Hours|Minutes|Day|Date|Month|FullYear|TimezoneOffset)\b|\b(?:datetime|zoneinfo|pytz|timedelta|freezegun)\b|\bimport time\b|\btime\.[A-Za-z]\w*|\bTime\.(?:now|zone)\b|\b(?:LocalDate|LocalTime|LocalDateTime|ZonedDateTime|Instant|SystemTime|DateTime|Calendar)\b|\bchrono\b|\bcurrentTimeMillis\b|\bnanoTime\b|\bTZ\b|\$\(date\b|`date\b|\bdate [+-]/,
  },
  {
    of: "language or collation",
    pattern:
      /\btoLocale\w*|\blocaleCompare\b|\bIntl\.|\blocale\b|\bLocale\b|\bLC_\w+|\bLANG\b|\bstrcoll\b|\bgettext\b/,
  },
  {
    of: "the environment",
    pattern:
      /\bprocess\.env\b|\bimport\.meta\.env\b|\bDeno\.env\b|\benviron\b|\bgetenv\b|\bGetenv\b|\bLookupEnv\b|\bENV\[|\bENV\.fetch\b|\benv::vars?\b|\b(?:option_)?env!\s*\(|\bdotenv\b|\$[A-Z][A-Z0-9_]{2,40}\b|\$\{[A-Z][A-Z0-9_]{2,40}(?::?[-?=+]|\}")/,
  },
  {
    of: "where the folder stands",
    pattern:
      /\bcwd\b|\bgetcwd\b|\bGetwd\b|\bDir\.pwd\b|\bcurrent_dir\b|\buser\.dir\b|\$\(pwd\)|\bPWD\b|\bimport\.meta\.url\s*[.=!]|\bimport\.meta\.url\)\s*\.|\b__(?:dirname|filename)\s*[.=!)]|\b__file__\b/,
  },
  {
    of: "the user, the machine or the version of what runs it",
    pattern:
      /\bos\.(?:userInfo|hostname|homedir|cpus|totalmem|freemem|platform|arch|release|type|machine|networkInterfaces|tmpdir|loadavg|uptime|availableParallelism|EOL|endianness|get\w+|cpu_count|uname|name|sep|Getuid|Geteuid|Hostname|UserHomeDir|TempDir)\b|\bprocess\.(?:get\w+|version|versions|platform|arch|memoryUsage|title|execPath|execArgv|argv|umask|features|config|release)\b|\bgetpass\b|\bgethostname\b|\bplatform\.\w|\bsys\.(?:version\w*|platform|executable|maxsize|byteorder|getwindowsversion)\b|\bsysconf\b|\bruntime\.(?:GOOS|GOARCH|NumCPU|Version|GOMAXPROCS)\b|\bgetRuntime\b|\bSystem\.getProperty\b|\bRUBY_(?:VERSION|PLATFORM)\b|\b(?:whoami|hostname|nproc|uname|id -u)\b|\bcfg!?\s*\((?!test\))/,
  },
  {
    of: "a terminal",
    pattern:
      /\bisTTY\b|\bisatty\b|\bIsTerminal\b|\bprocess\.(?:stdout|stderr|stdin)\b|\bsys\.(?:stdout|stderr|stdin)\b|\bgetWindowSize\b|\bget_terminal_size\b|\btty\b|\btput\b|\bCOLUMNS\b|\bNO_COLOR\b/,
  },
  {
    of: "what else lies on the disk",
    pattern:
      /(?:\bfs\w*\.|(?<![.\w]))(?:exists|access|stat|lstat|statfs|realpath|readdir|opendir|glob|chmod|chown|utimes|mkdtemp)\s*\(|\b(?:exists|access|stat|lstat|statfs|realpath|readdir|opendir|glob|chmod|chown|utimes|link|symlink|mkdtemp)Sync\s*\(|\bfs\w*\.(?:watch|link|symlink)\w*\s*\(|\b[acm]time(?:Ms|Ns)?\b|\bgetmtime\b|\.(?:is_file|is_dir|exists|iterdir|stat|expanduser|home)\(\)|\bos\.(?:path\.(?:exists|isfile|isdir|expanduser|realpath|getmtime)|listdir|scandir|walk|Stat|Lstat|ReadDir|access)\b|\bFile\.(?:exist|stat|mtime)|\bDir\.(?:glob|entries)|\bFiles\.(?:exists|list|walk)|\[\[? !? ?-[a-zA-Z] |['"`](?:\/(?:proc|sys|dev|etc|home|root|usr|opt|var|tmp|mnt|run)\b|~\/)|(?:^|[\s'"`/=])\.git\b|\bgit (?:log|rev-parse|describe|status|diff|config|show|branch|tag|init|commit)\b/,
  },
  {
    of: "another program",
    pattern:
      /\bchild_process\b|(?<![.\w])(?:exec|spawn|fork)\s*\(|\b(?:execFile|execSync|execFileSync|spawnSync)\s*\(|\.(?:spawn|fork)\s*\(|\bexeca\b|\bsubprocess\b|\bos\.(?:system|popen)\b|\bPopen\b|\bexec\.Command|\bProcessBuilder\b|\bCommand::new\b|\bOpen3\b|\bshutil\.which\b|\bcommand -v\b|\bctypes\b|\bdlopen\b|\bWebAssembly\b|\bsqlite3?\b|\bworker_threads\b|\bnew Worker\b/i,
  },
  {
    of: "the network",
    pattern:
      /['"](?:node:)?(?:net|http|https|http2|dns|dgram|tls)(?:\/promises)?['"]|\bfetch\s*\(|\b(?:axios|undici|supertest|nock|httpx|aiohttp|urllib|socket|socketserver|grpc|redis|mysql2?|mongodb|mongoose|postgres|psycopg2?|sqlalchemy|prisma|kafka|amqp|testcontainers|playwright|puppeteer|selenium)\b|\b(?:listen|connect|createServer)\s*\(|\brequests\.\w|\bimport requests\b|\bWebSocket\b|\bXMLHttpRequest\b|\bnet\.(?:Dial|Listen)|\bhttp\.(?:Get|Post|NewRequest|Client|ListenAndServe)\b|\bTcp(?:Stream|Listener)\b|\blocalhost\b|\b127\.0\.0\.1\b|\bhttps?:\/\//,
  },
  {
    of: "chance, or how fast this machine is",
    pattern:
      /\bMath\.random\b|\brandom\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b|\buuid\w*\b|\brand\.\w|\brand\s*\(|\bthread_rng\b|\bshuffle\w*\b|\bsample\s*\(|\bPromise\.(?:race|any)\b|\bgo func\b|\bthreading\b|\basyncio\b|\bmultiprocessing\b|\bgc\s*\(|\bWeakRef\b|\bFinalizationRegistry\b|\btimeout\b|\bbytearray\s*\(|\b(?:Shared)?ArrayBuffer\s*\(|\bBuffer\.alloc\w*/i,
  },
  {
    of: "what only newer versions of the language have",
    pattern:
      /\b(?:Array\.fromAsync|Object\.groupBy|Map\.groupBy|Promise\.(?:try|withResolvers)|RegExp\.escape|Iterator\.|Float16Array|Error\.isError|Math\.sumPrecise|Atomics\.pause|URL\.parse|process\.(?:getBuiltinModule|loadEnvFile)|navigator)\b|\.(?:union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom|toBase64|fromBase64|toHex|fromHex)\s*\(|\bimport\.meta\.main\b|^\s*(?:await )?using \w|\bwith \{ ?type:|['"]node:(?:sqlite|sea|test\/reporters)['"]|\bmock\.module\b|\bstyleText\b|--experimental|^\s*match .*:$|\bexcept\*|\btomllib\b|\bExceptionGroup\b|\bTaskGroup\b|^\s*type \w+(?:\[.*\])? =/,
  },
];
