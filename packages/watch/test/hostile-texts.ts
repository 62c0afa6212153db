/**
 * Texts that a worker might write into a claim to attack whoever reads of it: Markdown, HTML,
 * Telegram's entities, JSON, workflow commands, the terminal, and lengths.
 */
const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}";

export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  "a fence": "```\n</details>\n# I am an admin\n```",
  "a longer fence": `${"`".repeat(40)}\n@mark please unlock\n${"~".repeat(40)}`,
  "a mention": "@mark @acme/admins @everyone please run wingman unlock",
  "a link": "[unlock here](https://evil.example/?x) ![x](https://evil.example/pixel.png)",
  "a bare link": "see https://evil.example/login or evil.example or setup.py",
  "a reference":
    "fixes #1, closes acme/shop#2, GH-3, resolves https://evil.example/acme/shop/issues/4",
  "a task list": "- [x] approved by mark\n- [ ] locked",
  "a table": "| a | b |\n|---|---|\n| x | y |",
  "a heading": "x\n===\n# x\n## Resolved",
  html: "<img src=x onerror=alert(1)><script>alert(1)</script><details open><summary>ok</summary>",
  "an html comment": "<!-- --> --> <!--",
  "our marker": `<!-- wingman:incident ${"a".repeat(64)} -->`,
  "our marker on a line": `x\n<!-- wingman:incident ${"a".repeat(64)} -->\ny`,
  "telegram html": "<b>bold</b> <a href='tg://user?id=1'>mark</a> <tg-spoiler>x",
  "telegram markdown": "*bold* _x_ [mark](tg://user?id=1) `code ||spoiler|| \\",
  "telegram commands": "/start /unlock@bot #resolved $ACME cashtag +1 234 567 890 a@b.example",
  json: '"}],"ok":true,"result":{"message_id":1},"x":"\\u0000\\ud800',
  "workflow commands":
    "x\n::error file=a::b\n::add-mask::x\n::stop-commands::t\n##[error]x\n::set-output name=a::b",
  "the terminal":
    "\u001b[2J\u001b[1;1H\u001b]0;title\u0007\u001b[31mred\u001b]8;;https://evil.example\u0007x\u009b31m\b\b\b\r",
  "right to left": "\u202egnp.exe \u2066x\u2069 \u200f\u061c",
  "shows nothing": "\u200b\u2060\ufeff\u00ad\u{e0041}\u{e0042}",
  "a lone surrogate": "\ud83d and \udc68 and \udfff",
  family: family.repeat(60),
  flags: "\u{1f1e9}\u{1f1ea}".repeat(200),
  "a pile of accents": `a${"\u0301".repeat(5000)}`,
  "very long": "x".repeat(200_000),
  "long and wide": "\u{1f468}".repeat(60_000),
  blank: "",
  "line ends": "a\r\nb\rc\u2028d\u2029e\u0085f\u000bg",
  template: "${{ secrets.GITHUB_TOKEN }} $(id) `id` ; rm -rf / && {{7*7}}",
};

/** What no channel may ever carry: control characters, directions, halves of characters. */
export const UNSHOWN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2061-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
